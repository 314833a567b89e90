#!/bin/bash
# SPDX-License-Identifier: MIT
# causes-more.sh [SCENARIO...]: compares the rarer causes of retransmissions with the kernel's
# counter for each: RACK's timer, paths whose MTU shrinks, data in SYNs, queues of this host, locked
# sockets.
# shellcheck source=tests/live/lib.sh disable=SC2317 # functions are called by the names of scenarios
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
trap 'ip netns del "${net}r" 2>/dev/null; cleanup' EXIT
spin

# set_in SIDE NAME VALUE: sets net.ipv4.tcp_NAME
set_in() { ip netns exec "$net$1" sh -c "echo $3 >/proc/sys/net/ipv4/tcp_$2"; }
# dark MILLISECONDS RULE: drops packets that match at b for so long
dark() {
	lossy_net drop b "$2"
	sleep "$(awk -v ms="$1" 'BEGIN { print ms / 1000 }')"
	lossy_net clear
}

# The first of three segments is lost. Two are acknowledged, too few to be sure of a loss, so that
# RACK waits.
rack_timer() {
	lossy_net drop b "tcp dport 5001 tcp flags & psh == 0 meta length > 1000 numgen inc mod 10 == 4"
	in_a "$TRAFFIC" ask "$IP_B" 5001 60 4000 2
	in_a "$TRAFFIC" ask "$IP6_B" 5001 40 4000 2
}
check_rack_timer() {
	at_least "by RACK's timer" "$(n_of '"cause":"fast"' '"trigger":"rack-timer"')" 1
}

# The MTU after a router shrinks several times. The router reports that by ICMP with each packet
# that it drops.
narrow_path() {
	local n=$NET_NUMBER link four six mtu bulk
	ip netns add "${net}r"
	ip -n "$NS_A" link add near type veth peer name near netns "${net}r"
	ip -n "$NS_B" link add far type veth peer name far netns "${net}r"
	ip netns exec "${net}r" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	for link in "${net}a near 79 1" "${net}b far 78 1" "${net}r near 79 2" "${net}r far 78 2"; do
		read -r ns dev four six <<<"$link"
		ip -n "$ns" addr add "10.$n.$four.$six/24" dev "$dev"
		ip -n "$ns" addr add "fd77:$n::$four:$six/112" dev "$dev" nodad
		ip -n "$ns" link set "$dev" gso_max_segs 1 up
	done
	ip -n "$NS_A" route add "10.$n.78.0/24" via "10.$n.79.2"
	ip -n "$NS_A" route add "fd77:$n::78:0/112" via "fd77:$n::79:2"
	ip -n "$NS_B" route add "10.$n.79.0/24" via "10.$n.78.2"
	ip -n "$NS_B" route add "fd77:$n::79:0/112" via "fd77:$n::78:2"
	for host in "10.$n.78.1" "fd77:$n::78:1"; do
		ip -n "${net}r" link set far mtu 1500
		in_a "$TRAFFIC" bulk "$host" 5001 150000000 2 &
		bulk=$!
		for mtu in 1470 1440 1410 1380 1350 1320 1290; do
			sleep 0.15
			ip -n "${net}r" link set far mtu "$mtu"
		done
		wait "$bulk"
	done
}
check_narrow_path() {
	# The number depends on how many segments are in flight just then.
	echo "the path shrank under $(n_of '"cause":"pmtu"') segments"
}

# Clients send data in their SYN to a listener without TCP Fast Open, which acknowledges the SYN
# alone.
tfo_refused() {
	set_in a fastopen 5
	in_a "$TRAFFIC" tfo "$IP_B" 5001 12
	in_a "$TRAFFIC" tfo "$IP6_B" 5001 8
}
check_tfo_refused() {
	is_reported "TCPFastOpenActiveFail" "$(n_of '"cause":"tfo"')" "$(mib a TCPFastOpenActiveFail)"
	is "data retransmitted" "$(n_of '"cause":"tfo"')" 20
}

# A listener with TCP Fast Open; many of the SYNs and of its SYN-ACKs are lost.
tfo_lost() {
	set_in a fastopen 5
	set_in b fastopen $((0x602))
	kill "$server"
	serve 5003
	lossy_net drop b "tcp flags & (syn | ack) == syn numgen inc mod 3 == 1"
	lossy_net drop a "tcp flags & (syn | ack) == (syn | ack) numgen inc mod 4 == 2"
	in_a "$TRAFFIC" tfo "$IP_B" 5003 12
	in_a "$TRAFFIC" tfo "$IP6_B" 5003 8
}
check_tfo_lost() {
	at_least "SYNs" "$(n_of '"cause":"syn"' '"trigger":"timer"')" 1
	at_least "SYN-ACKs" "$(n_of '"cause":"synack"')" 1
	at_least "fast opened" "$(mib b TCPFastOpenPassive)" 1
}

# The FIN, the last segment of a connection, is lost: a tail loss probe comes first, then timeouts.
fin_lost() {
	in_a "$TRAFFIC" conn "$IP_B" 5001 1 &
	local conn=$!
	dark 1500 "tcp dport 5001 tcp flags & fin == fin"
	wait "$conn"
	lossy_net drop b "tcp dport 5001 tcp flags & fin == fin numgen inc mod 3 != 2"
	in_a "$TRAFFIC" conn "$IP_B" 5001 5
	in_a "$TRAFFIC" conn "$IP6_B" 5001 3
}
check_fin_lost() {
	is "all of those that close" "$(n_of '"state":"FIN_WAIT1"')" "$(n_of '"cause"')"
	at_least "timeouts" "$(n_of '"cause":"rto"')" 1
	at_least "probes" "$(n_of '"cause":"tlp"')" 1
}

# A request, the probe for it and later segments are lost: over IPv4, IPv6, and with an IPv6 socket
# that talks IPv4.
probe_lost() {
	for host in "$IP_B" "$IP6_B" "::ffff:$IP_B"; do
		in_a "$TRAFFIC" ask "$host" 5001 100 300 10 &
		local ask=$!
		sleep 0.3
		dark 1200 "tcp dport 5001 tcp flags & psh == psh"
		wait "$ask"
	done
}
check_probe_lost() {
	at_least "probes" "$(n_of '"cause":"tlp"')" 1
	at_least "timeouts" "$(n_of '"cause":"rto"')" 1
	at_least "of IPv6" "$(n_of '"cause":"rto"' '"family":6')" 1
	is "of IPv4, mapped or not" "$(n_of '"family":4')" "$(n_of '"laddr":"10.')"
	at_least "timeouts with a known time" "$(n_of '"cause":"rto"' '"rto_us":')" 1
	is "others with one" "$(grep '"rto_us":' "$work/retrans" | grep -cvE '"cause":"(rto|syn)"')" 0
}

# A segment is still in a queue of this host when its timer fires, so that the kernel does not
# retransmit it. (Probes are off: the kernel counts a probe for such a segment, but no event shows
# it.)
slow_queue() {
	set_in a early_retrans 0
	ip netns exec "$NS_A" tc qdisc add dev lv root tbf rate 24kbit burst 1600 limit 1000000
	in_a "$TRAFFIC" bulk "$IP_B" 5001 6000 1
	ip netns exec "$NS_A" tc qdisc replace dev lv root tbf rate 64kbit burst 1600 limit 1000000
	in_a "$TRAFFIC" bulk "$IP6_B" 5001 12000 2
	ip netns exec "$NS_A" tc qdisc del dev lv root
}
check_slow_queue() {
	retrans "$work/slow_queue" -l -a
	is_reported "TCPSpuriousRtxHostQueues" "$(n_of '"err":-16')" "$(mib ab TCPSpuriousRtxHostQueues)"
	at_least "timeouts for what is in a queue" "$(n_of '"cause":"rto"' '"err":-16')" 1
}

# A queue of this host drops retransmitted segments.
full_queue() {
	lossy_net loss b 4
	ip netns exec "$NS_A" tc qdisc add dev lv root tbf rate 8mbit burst 1600 limit 9000
	in_a "$TRAFFIC" bulk "$IP_B" 5001 150000 20
	ip netns exec "$NS_A" tc qdisc del dev lv root
}
check_full_queue() {
	retrans "$work/full_queue" -l -a
	local n_dropped
	n_dropped=$(grep -c '"err":[1-9]' "$work/retrans")
	is_reported "TCPRetransFail" "$n_dropped" "$(mib ab TCPRetransFail)"
	at_least "dropped" "$n_dropped" 1
}

# Without SACK there are duplicate acknowledgements only, and no probes.
no_sack() {
	set_in a sack 0
	set_in b sack 0
	lossy_net loss b 2
	in_a "$TRAFFIC" bulk "$IP_B" 5001 3000000 2
	in_a "$TRAFFIC" bulk "$IP6_B" 5001 2000000 1
}
check_no_sack() {
	at_least "TCPRenoRecovery" "$(mib a TCPRenoRecovery)" 1
	at_least "fast retransmits" "$(n_of '"cause":"fast"')" 1
	is "probes" "$(n_of '"cause":"tlp"')" 0
}

# BBR paces its segments, so that a retransmission has to wait for its turn.
paced() {
	set_in a congestion_control bbr || return
	lossy_net loss b 2
	in_a "$TRAFFIC" bulk "$IP_B" 5001 3000000 2
	in_a "$TRAFFIC" bulk "$IP6_B" 5001 2000000 1
}
check_paced() {
	at_least "recovery" "$(($(n_of '"cause":"fast"') + $(n_of '"cause":"loss"')))" 1
	at_least "in its turn" "$(n_of '"trigger":"tsq"')" 1
}

# A process keeps its socket locked most of the time, so that timers and acknowledgements have to
# wait.
locked() {
	local nags=()
	for host in "$IP_B" "$IP_B" "$IP6_B"; do
		in_a "$TRAFFIC" nag "$host" 5001 4000 &
		nags+=($!)
	done
	sleep 0.3
	for _ in 1 2; do
		dark 1200 "tcp dport 5001"
		sleep 0.3
	done
	lossy_net loss b 1
	wait "${nags[@]}"
}
check_locked() {
	at_least "timeouts" "$(n_of '"cause":"rto"')" 1
}

[ $# != 0 ] || set -- rack_timer narrow_path tfo_refused tfo_lost fin_lost probe_lost slow_queue \
	full_queue no_sack paced locked
for scenario; do
	echo "-- $scenario"
	net_up
	serve 5001
	record_start "$work/$scenario"
	$scenario
	settle
	kill "$server"
	record_stop || bad "record exits with $?"
	ip netns del "${net}r" 2>/dev/null
	balanced "$work/$scenario" spinning

	retrans "$work/$scenario" -l -a
	is "causes unknown" "$(n_of '"cause":"unknown"')" 0
	is_reported "RetransSegs" "$(n_tried '"cause"')" "$(mib ab RetransSegs)"
	timeouts=$(($(n_of '"cause":"rto"') + $(n_of '"cause":"syn"') + $(n_of '"cause":"synack"' '"trigger":"timer"')))
	is_reported "TCPTimeouts" "$timeouts" "$(mib ab TCPTimeouts)"
	is_reported "TCPSynRetrans" "$(($(n_tried '"cause":"syn"') + $(n_tried '"cause":"synack"')))" "$(mib ab TCPSynRetrans)"

	retrans "$work/$scenario" -l
	# The kernel counts any retransmission in state Loss as slow start, whatever led to that
	# state.
	if [ "$undelivered_states" = 0 ]; then
		is_reported "TCPFastRetrans" "$(n_of '"cause":"fast"')" "$(mib ab TCPFastRetrans)"
		is_reported "TCPSlowStartRetrans" \
			"$(($(n_of '"cause":"loss"') + $(n_of '"cause":"pmtu"') + $(n_of '"cause":"tfo"')))" \
			"$(mib ab TCPSlowStartRetrans)"
	fi
	at_least "TCPLossProbes" "$(mib ab TCPLossProbes)" "$(n_of '"cause":"tlp"')"
	"check_$scenario"
done
verdict
