# SPDX-License-Identifier: MIT
# Sourced by incidents.sh: one function for each scenario with a fault. Each uses the network of
# incidents-net.sh and a server at every address of b on PORT, and is recorded while it runs;
# `before_NAME`, where there is one, runs before the recording begins.
# shellcheck shell=bash disable=SC2154,SC2034 # variables are those of who sources it

loss_peer() {
	add_peers {1..10}
	lose 5 ip daddr "$(peer 4)"
	for host in $(peers {1..10}); do talk "$host" "$PORT"; done
}
loss_peer_both() { loss_peer; }
loss_peer_all() { loss_peer; }
loss_peer_no_sockets() { loss_peer; }
loss_peer_no_stacks() { loss_peer; }
loss_peer6() {
	add_peers6 {1..6}
	lose 5 ip6 daddr "$(peer6 3)"
	for k in {1..6}; do talk "$(peer6 "$k")" "$PORT"; done
}
loss_prefix() {
	add_peers {1..6} 9.1 9.2 9.3
	lose 5 ip daddr "$(peer 9.0)/24"
	for host in $(peers {1..6} 9.1 9.2 9.3); do talk "$host" "$PORT"; done
}
loss_prefix6() {
	add_peers6 {1..5} 9.1 9.2 9.3
	lose 5 ip6 daddr "$(peer6 9.0)/64"
	for k in {1..5} 9.1 9.2 9.3; do talk "$(peer6 "$k")" "$PORT"; done
}
loss_peer_mapped() {
	add_peers {1..6}
	lose 5 ip daddr "$(peer 4)"
	for host in $(peers {1..6}); do talk "::ffff:$host" "$PORT"; done
}
# This host is the server, so that each peer has another port.
loss_client() {
	server_in a pour "$PORT" 300000
	add_peers {1..8}
	lose 5 ip daddr "$(peer 4)"
	for host in $(peers {1..8}); do
		run from "$host" bulks b "$IP_A" "$PORT" 1 8 0.4
		run from "$host" bulks b "$IP_A" "$PORT" 1 8 0.4
	done
}
# Two faults at once, of different kinds.
two_at_once() {
	add_peers {1..7}
	lose 5 ip daddr "$(peer 4)"
	lossy_net drop b "ip daddr $(peer 5) tcp dport $PORT"
	for host in $(peers 1 2 3 4 6 7); do talk "$host" "$PORT"; done
	run a storm "$(peer 5)" "$PORT" 6 6
}
loss_port() {
	server_in b sink $((PORT + 1))
	lose 5 tcp dport "$PORT"
	for _ in 1 2; do
		talk "$IP_B" "$PORT"
		talk "$IP_B" $((PORT + 1))
	done
}
loss_port_of_all() {
	add_peers {1..5}
	server_in b sink $((PORT + 1))
	lose 5 tcp dport "$PORT"
	for host in $(peers {1..5}); do
		talk "$host" "$PORT"
		talk "$host" $((PORT + 1))
	done
}
loss_all() {
	add_peers {1..8}
	lose 3
	for host in $(peers {1..8}); do talk "$host" "$PORT"; done
}

# Everything toward one peer is lost for a while, five times.
timeouts() {
	add_peers {1..4}
	for host in $(peers 1 2 4); do talk "$host" "$PORT"; done
	for _ in 1 2 3 4; do run a ask "$(peer 3)" "$PORT" 200 400 15; done
	run bulks a "$(peer 3)" "$PORT" 100000 20 0.2
	for _ in {1..5}; do
		sleep 0.5
		lossy_net drop b ip daddr "$(peer 3)"
		sleep 0.8
		lossy_net clear
	done
}
# Only the last segments of messages are lost, and these often.
tail_loss() {
	add_peers {1..4}
	lossy_net drop b "tcp flags & psh == psh meta length < 700 numgen random mod 100 < 12"
	for host in $(peers {1..4}); do
		for _ in 1 2 3; do run a ask "$host" "$PORT" 150 3400 15; done
	done
}

unreachable() {
	add_peers {1..5}
	lossy_net drop b "ip daddr $(peer 5) tcp dport $PORT"
	for k in {1..4}; do run a conn "$(peer "$k")" "$PORT" 100 40; done
	run a storm "$(peer 5)" "$PORT" 6 6
	sleep 1
	run a storm "$(peer 5)" "$PORT" 2 5
}
unreachable6() {
	add_peers6 {1..3}
	lossy_net drop b "ip6 daddr $(peer6 2) tcp dport $PORT"
	for k in 1 3; do run a conn "$(peer6 "$k")" "$PORT" 100 40; done
	run a storm "$(peer6 2)" "$PORT" 4 6
}

# The server does not accept. Five connections fit into its queue, and four more of those whose
# handshakes end later, all at once.
before_backlog() { server_in a deaf $((PORT + 1)) 8; }
backlog() {
	server_in a sink "$PORT"
	run b conn "$IP_A" "$PORT" 100 40
	run b storm "$IP_A" $((PORT + 1)) 5 7
	sleep 0.3
	lossy_net drop a "tcp dport $((PORT + 1)) tcp flags & (syn | ack) == ack"
	run b storm "$IP_A" $((PORT + 1)) 20 7
	sleep 0.4
	lossy_net clear
	sleep 1.5
	run b storm "$IP_A" $((PORT + 1)) 20 5
}
# The queue is full from the beginning: SYNs are dropped, and no event shows that.
before_backlog_plain() { server_in a deaf $((PORT + 1)) 1; }
backlog_plain() {
	server_in a sink "$PORT"
	run b conn "$IP_A" "$PORT" 100 40
	run b storm "$IP_A" $((PORT + 1)) 40 6
}
synack_lost() {
	server_in a sink "$PORT"
	server_in a sink $((PORT + 1))
	lossy_net drop b "tcp sport $((PORT + 1)) tcp flags & (syn | ack) == (syn | ack)"
	run b conn "$IP_A" "$PORT" 100 40
	run b storm "$IP_A" $((PORT + 1)) 20 6
}

resets_midway() {
	add_peers {1..4}
	server_in b slam $((PORT + 1)) 100000
	for host in $(peers 1 2 3); do talk "$host" "$PORT"; done
	run bulks a "$(peer 4)" $((PORT + 1)) 3000000 40 0.1
	run bulks a "$(peer 4)" $((PORT + 1)) 3000000 40 0.1
}
resets_rejected() {
	add_peers {1..4}
	for host in $(peers 1 2 3); do talk "$host" "$PORT"; done
	for _ in {1..15}; do run a ask "$(peer 4)" "$PORT" 300 400 15; done
	sleep 2
	reject "ip daddr $(peer 4) tcp dport $PORT reject with tcp reset"
}
# A server of this host resets its connections.
resets_sent() {
	server_in a sink "$PORT"
	server_in a slam $((PORT + 1)) 100000
	run b conn "$IP_A" "$PORT" 100 40
	for ((i = 0; i < 40; i++)); do
		b bulk "$IP_A" $((PORT + 1)) 3000000 1 >>"$work/traffic.out" 2>&1
		sleep 0.1
	done
}
connects_refused() {
	add_peers {1..4}
	for k in 1 2 3; do run a conn "$(peer "$k")" "$PORT" 100 40; done
	run a conn "$(peer 4)" $((PORT + 1)) 100 40
}
connects_icmp() {
	add_peers {1..4}
	reject "ip daddr $(peer 4) tcp flags & (syn | ack) == syn reject with icmp type host-unreachable"
	for k in 1 2 3; do run a conn "$(peer "$k")" "$PORT" 100 40; done
	for _ in 1 2 3 4; do run a conn "$(peer 4)" "$PORT" 6 40; done
}
connects_slow() {
	add_peers {1..4}
	lossy_net drop b "ip daddr $(peer 4) tcp flags & (syn | ack) == syn numgen inc mod 10 < 3"
	for k in 1 2 3; do run a conn "$(peer "$k")" "$PORT" 100 40; done
	for _ in {1..8}; do run a conn "$(peer 4)" "$PORT" 14 20; done
}

# The packets of one connection out of thirty are dropped.
stalled() {
	local sport
	add_peers {1..3}
	for host in $(peers 1 2 3); do
		for _ in {1..10}; do run a ask "$host" "$PORT" 350 400 15; done
	done
	sleep 1
	sport=$(in_a ss -Htn dst "$(peer 2)" | awk 'NR == 1 { sub(".*:", "", $4); print $4 }')
	lossy_net drop b "tcp sport $sport"
	detail="; its own port is $sport"
	sleep "${1:-6}"
	[ -n "${1:-}" ] || return 0
	lossy_net clear
}
stalled_recovers() { stalled 2.5; }

window_closed() {
	server_in b deaf $((PORT + 1)) 64
	for _ in 1 2; do talk "$IP_B" "$PORT"; done
	for _ in 1 2 3; do run a bulk "$IP_B" $((PORT + 1)) 50000000 1; done
	sleep 6
}
window_small() {
	server_in b sip $((PORT + 1)) 4096 2000 20
	for _ in 1 2; do talk "$IP_B" "$PORT"; done
	for _ in 1 2 3; do run a bulk "$IP_B" $((PORT + 1)) 400000 1; done
	sleep 5
}

# Packets are lost on the way, and this host drops their retransmissions.
local_refused() {
	add_peers {1..4}
	for host in $(peers 1 2 3); do talk "$host" "$PORT"; done
	for _ in {1..5}; do run a ask "$(peer 4)" "$PORT" 400 400 15; done
	sleep 1
	lossy_net drop b ip daddr "$(peer 4)"
	sleep 0.1
	out "ip daddr $(peer 4) drop"
	sleep 4
}
local_no_route() {
	add_peers {1..4}
	for host in $(peers 1 2 3); do talk "$host" "$PORT"; done
	for _ in {1..5}; do run a ask "$(peer 4)" "$PORT" 400 400 15; done
	sleep 1
	lossy_net drop b ip daddr "$(peer 4)"
	sleep 0.1
	ip -n "$NS_A" route add unreachable "$(peer 4)/32"
	sleep 4
}
local_link_down() {
	for _ in {1..6}; do run a ask "$IP_B" "$PORT" 400 400 15; done
	sleep 1
	lossy_net drop b meta l4proto tcp
	sleep 0.1
	ip -n "$NS_A" link set lv down
	sleep 4
}

synchronised() {
	add_peers {1..12}
	for host in $(peers {1..12}); do
		for _ in 1 2; do run a ask "$host" "$PORT" 400 400 8; done
	done
	sleep 2
	lossy_net drop b meta l4proto tcp
	sleep 0.6
	lossy_net clear
}
# One in five answers of a peer arrives with a wrong checksum.
checksum() {
	add_peers {1..3}
	real_checksums
	in_a nft add rule inet lossy rules "ip saddr $(peer 2) tcp sport $PORT meta length 53" \
		"numgen random mod 10 < 2 @th,128,16 set 0x1234"
	for host in $(peers 1 2 3); do
		for _ in 1 2 3; do run a ask "$host" "$PORT" 200 400 15; done
	done
}
