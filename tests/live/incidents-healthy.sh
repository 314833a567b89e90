# SPDX-License-Identifier: MIT
# Sourced by incidents.sh: loads without a fault, in which the report must not find one.
# shellcheck shell=bash disable=SC2154,SC2034 # variables are those of who sources it

# This load is not pinned to one CPU, so that packets are reordered now and then, and retransmitted
# needlessly.
before_healthy_bulk_gso() {
	pin=()
	for ns in "$NS_A" "$NS_B"; do
		ip -n "$ns" link set lv gso_max_segs 65535
		ip netns exec "$ns" sh -c 'echo 4096 16384 4194304 >/proc/sys/net/ipv4/tcp_wmem'
	done
}
healthy_bulk() {
	add_peers 1 2
	for host in $(peers 1 2); do run bulks a "$host" "$PORT" 25000000 4 0.3; done
}
healthy_bulk_gso() { healthy_bulk; }
healthy_short() { for _ in {1..8}; do run a conn "$IP_B" "$PORT" 100 30; done; }
healthy_ask() {
	add_peers {1..5}
	add_peers6 1 2
	for host in $(peers {1..5}) "$(peer6 1)" "$(peer6 2)"; do
		for _ in {1..8}; do run a ask "$host" "$PORT" 200 400 15; done
	done
}
healthy_churn() { in_a "$TRAFFIC" churn "$PORT" 3 2 >>"$work/traffic.out"; }
healthy_mill() { in_a "$TRAFFIC" mill 2000 2 >>"$work/traffic.out"; }
before_healthy_idle() { run a storm "$IP_B" "$PORT" 2000 7; sleep 1; }
healthy_idle() { run a conn "$IP_B" "$PORT" 50 50; sleep 4; }
healthy_mix() {
	add_peers {1..4}
	run a storm "$IP_B" "$PORT" 200 4
	for host in $(peers {1..4}); do
		talk "$host" "$PORT"
		run a conn "$host" "$PORT" 60 50
	done
}
# Other processes use the CPU, so that acknowledgements are late and tail loss probes needless.
healthy_hogged() {
	for _ in 1 2 3; do run in_a "${pin[@]}" sh -c 'while :; do :; done'; done
	healthy_mix
}
healthy_mix_all() { healthy_mix; }
healthy_mix_life() { healthy_mix; }
healthy_mix_bytes() { healthy_mix; }
healthy_mix_no_sockets() { healthy_mix; }
healthy_nothing() { sleep 1; }
healthy_one() { a ask "$IP_B" "$PORT" 3 100 10 >>"$work/traffic.out"; }
