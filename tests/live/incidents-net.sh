# SPDX-License-Identifier: MIT
# Sourced by incidents.sh, after lib.sh: the network of a scenario and its traffic. Namespace a is
# the recorded host; b is all its peers, under as many addresses as are asked for. Only this
# scenario uses ports PORT and PORT + 1, so that several scenarios can run side by side.
# shellcheck shell=bash disable=SC2154,SC2034 # variables are those of who sources it

# small_windows: keeps the windows so small that segments in flight never fill this host's queue of
# 1,000 packets
small_windows() {
	local ns
	for ns in "$NS_A" "$NS_B"; do
		ip netns exec "$ns" sh -c 'echo 4096 16384 65536 >/proc/sys/net/ipv4/tcp_wmem'
	done
}
# peer K[.H]: prints address H (default 1) of b in its /24 number K
peer() { case $1 in *.*) echo "${NET4%.0.0/16}.$1" ;; *) echo "${NET4%.0.0/16}.$1.1" ;; esac; }
peer6() { case $1 in *.*) echo "${NET6%::/64}:${1%.*}::${1#*.}" ;; *) echo "${NET6%::/64}:$1::1" ;; esac; }
peers() { local k; for k; do peer "$k"; done; }
add_peers() { local k; for k; do ip -n "$NS_B" addr add "$(peer "$k")/16" dev lv; done; }
add_peers6() {
	local k
	for k; do ip -n "$NS_B" addr add "$(peer6 "$k")/128" dev lv nodad; done
	ip -n "$NS_A" -6 route replace "${NET6%::/64}::/32" dev lv
}

# runs a command in the background; `wait_until` waits for it
jobs_run=()
run() {
	"$@" >>"$work/traffic.out" 2>&1 &
	jobs_run+=($!)
	disown $!
}
# All traffic runs on one CPU: a process that moved to another CPU could reorder its own packets.
a() { in_a "${pin[@]}" "$TRAFFIC" "$@"; }
b() { in_b "${pin[@]}" "$TRAFFIC" "$@"; }
are_running() { local pid; for pid; do ! kill -0 "$pid" 2>/dev/null || return 0; done; return 1; }
# wait_until SECOND: waits for all background commands, but not longer
wait_until() { while [ "$SECONDS" -lt "$1" ] && are_running "${jobs_run[@]}"; do sleep 0.1; done; }
# A process that still runs ends with its namespace.
end_all() {
	local ns
	[ ${#jobs_run[@]} = 0 ] || kill -9 "${jobs_run[@]}" 2>/dev/null
	for ns in "$NS_A" "$NS_B"; do ip netns pids "$ns" | xargs -r kill -9; done
}
# from ADDRESS COMMAND...: runs `b` with one of its addresses as the source
from() { local TRAFFIC_FROM=$1; export TRAFFIC_FROM; shift; "$@"; }
# server_in a|b COMMAND...: starts one of traffic's servers
server_in() { local side=$1; shift; server=$(ip netns exec "$net$side" "${pin[@]}" "$TRAFFIC" "$@"); pids+=("$server"); }

# bulks a|b HOST PORT BYTES TIMES SECONDS: sends that many bytes, that many times, with a pause
bulks() {
	local i
	for ((i = 0; i < $5; i++)); do "$1" bulk "$2" "$3" "$4" 1; sleep "$6"; done
}
# talk HOST PORT: sends requests and bulk data to a peer for about four seconds, the same to each
talk() {
	run a ask "$1" "$2" 250 400 12
	run a ask "$1" "$2" 120 3000 25
	run bulks a "$1" "$2" 800000 3 0.8
}
# lose PERCENT RULE...: drops so much of the matching packets that arrive at the peers
lose() { local percent=$1; shift; lossy_net drop b "$* meta l4proto tcp numgen random mod 1000 < ${percent}0"; }
# reject RULE: rejects matching packets at the peers, with an answer
reject() { in_b nft add rule inet lossy rules "$1"; }
# out RULE: applies a rule to the packets that this host sends
out() {
	in_a nft 'add table inet mine; add chain inet mine out { type filter hook output priority 0; }'
	in_a nft add rule inet mine out "$1"
}
# Makes the kernel compute and verify checksums, as between two machines.
real_checksums() {
	in_b python3 - <<-'END'
		import ctypes, fcntl, socket, struct
		ETHTOOL_STXCSUM, SIOCETHTOOL = 0x17, 0x8946
		off = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_STXCSUM, 0))
		fcntl.ioctl(socket.socket(), SIOCETHTOOL, struct.pack("16sP8x", b"lv", ctypes.addressof(off)))
	END
}
