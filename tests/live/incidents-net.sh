# SPDX-License-Identifier: MIT
# Sourced by incidents.sh, after lib.sh: one scenario's network and its traffic. Namespace a is the
# sick host, b is everybody else, under as many addresses as are asked for. Ports PORT and PORT + 1
# are the scenario's own, so that several can run beside each other.
# shellcheck shell=bash disable=SC2154,SC2034 # variables are those of who sources it

# small_windows: what is under way never fills this host's own queue of 1,000 packets
small_windows() {
	local ns
	for ns in "$NS_A" "$NS_B"; do
		ip netns exec "$ns" sh -c 'echo 4096 16384 65536 >/proc/sys/net/ipv4/tcp_wmem'
	done
}
# peer K, K.H: an address of the other side, .1 unless H says; each K is another /24
peer() { case $1 in *.*) echo "${NET4%.0.0/16}.$1" ;; *) echo "${NET4%.0.0/16}.$1.1" ;; esac; }
peer6() { case $1 in *.*) echo "${NET6%::/64}:${1%.*}::${1#*.}" ;; *) echo "${NET6%::/64}:$1::1" ;; esac; }
peers() { local k; for k; do peer "$k"; done; }
add_peers() { local k; for k; do ip -n "$NS_B" addr add "$(peer "$k")/16" dev lv; done; }
add_peers6() {
	local k
	for k; do ip -n "$NS_B" addr add "$(peer6 "$k")/128" dev lv nodad; done
	ip -n "$NS_A" -6 route replace "${NET6%::/64}::/32" dev lv
}

# in the background, and waited for by `wait_until`
jobs_run=()
run() {
	"$@" >>"$work/traffic.out" 2>&1 &
	jobs_run+=($!)
	disown $!
}
# All traffic on one CPU, or a process that moves to another would overtake its own packets.
a() { in_a "${pin[@]}" "$TRAFFIC" "$@"; }
b() { in_b "${pin[@]}" "$TRAFFIC" "$@"; }
are_running() { local pid; for pid; do ! kill -0 "$pid" 2>/dev/null || return 0; done; return 1; }
# wait_until SECOND: for all that runs in the background, but not longer
wait_until() { while [ "$SECONDS" -lt "$1" ] && are_running "${jobs_run[@]}"; do sleep 0.1; done; }
# What hangs ends with its namespace.
end_all() {
	local ns
	[ ${#jobs_run[@]} = 0 ] || kill -9 "${jobs_run[@]}" 2>/dev/null
	for ns in "$NS_A" "$NS_B"; do ip netns pids "$ns" | xargs -r kill -9; done
}
# from ADDRESS COMMAND...: `b` from one of its addresses
from() { local TRAFFIC_FROM=$1; export TRAFFIC_FROM; shift; "$@"; }
# server_in a|b COMMAND...: one of traffic's servers
server_in() { local side=$1; shift; server=$(ip netns exec "$net$side" "${pin[@]}" "$TRAFFIC" "$@"); pids+=("$server"); }

# bulks a|b HOST PORT BYTES TIMES SECONDS: from there the same amount again and again
bulks() {
	local i
	for ((i = 0; i < $5; i++)); do "$1" bulk "$2" "$3" "$4" 1; sleep "$6"; done
}
# talk HOST PORT: what all peers get alike, about four seconds of it: requests and bulk
talk() {
	run a ask "$1" "$2" 250 400 12
	run a ask "$1" "$2" 120 3000 25
	run bulks a "$1" "$2" 800000 3 0.8
}
# lose PERCENT RULE...: so much of what arrives at the peers and matches
lose() { local percent=$1; shift; lossy_net drop b "$* meta l4proto tcp numgen random mod 1000 < ${percent}0"; }
# reject RULE: at the peers, with an answer
reject() { in_b nft add rule inet lossy rules "$1"; }
# out RULE: in this host's own way out
out() {
	in_a nft 'add table inet mine; add chain inet mine out { type filter hook output priority 0; }'
	in_a nft add rule inet mine out "$1"
}
# Checksums are computed and looked at, as between two machines.
real_checksums() {
	in_b python3 - <<-'END'
		import ctypes, fcntl, socket, struct
		ETHTOOL_STXCSUM, SIOCETHTOOL = 0x17, 0x8946
		off = ctypes.create_string_buffer(struct.pack("II", ETHTOOL_STXCSUM, 0))
		fcntl.ioctl(socket.socket(), SIOCETHTOOL, struct.pack("16sP8x", b"lv", ctypes.addressof(off)))
	END
}
