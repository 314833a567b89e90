#!/bin/bash
# SPDX-License-Identifier: MIT
# causes.sh [SCENARIO...]: compares the causes of retransmissions with the kernel's counter for
# each.
# shellcheck source=tests/live/lib.sh disable=SC2317 # functions are called by the names of scenarios
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin

# Nobody answers the SYNs of a client.
syn() {
	lossy_net drop b tcp dport 5002
	in_a "$TRAFFIC" storm "$IP_B" 5002 20 3
	in_a "$TRAFFIC" storm "$IP6_B" 5002 20 2
}
check_syn() {
	is "all are SYNs" "$(n_of '"cause":"syn"')" "$(n_of '"cause"')"
	is_reported "TCPTimeouts" "$(n_of '"cause":"syn"' '"trigger":"timer"')" "$(mib a TCPTimeouts)"
	at_least "SYNs" "$(n_of '"cause":"syn"')" 40
}
# The last ACK of the handshake is lost, so that the listener's timer retransmits its SYN-ACK.
synack() {
	lossy_net drop b "tcp dport 5001 tcp flags & (syn | ack) == ack"
	in_a "$TRAFFIC" storm "$IP_B" 5001 20 4
}
check_synack() {
	is_reported "TCPTimeouts" "$(n_of '"cause":"synack"' '"trigger":"timer"')" "$(mib b TCPTimeouts)"
	at_least "SYN-ACKs" "$(n_of '"cause":"synack"')" 20
}
# SYN-ACKs are lost, so that the client retransmits its SYN, and each SYN makes the listener
# retransmit its SYN-ACK.
dup_syn() {
	lossy_net drop a "tcp sport 5001 tcp flags & (syn | ack) == (syn | ack)"
	in_a "$TRAFFIC" storm "$IP_B" 5001 20 4
}
check_dup_syn() {
	at_least "SYNs" "$(n_of '"cause":"syn"')" 40
	at_least "SYN-ACKs for repeated SYNs" "$(n_of '"cause":"synack"' '"trigger":"dup-syn"')" 20
	is_reported "nothing else" "$(($(n_of '"cause":"syn"') + $(n_of '"cause":"synack"')))" "$(mib ab RetransSegs)"
}
# The last segment of a request is lost and nothing follows it, so that a probe comes before a
# timeout.
tail_loss() {
	lossy_net drop b "tcp dport 5001 tcp flags & psh == psh numgen inc mod 7 == 5"
	in_a "$TRAFFIC" ask "$IP_B" 5001 60 500 2
}
check_tail_loss() {
	is_reported "TCPLossProbes" "$(n_of '"cause":"tlp"')" "$(mib ab TCPLossProbes)"
	at_least "probes" "$(n_of '"cause":"tlp"')" 5
}
# Nothing arrives for two seconds.
blackout() {
	in_a "$TRAFFIC" bulk "$IP_B" 5001 400000000 1 &
	local bulk=$!
	sleep 0.3
	lossy_net drop b meta l4proto tcp
	sleep 2
	lossy_net clear
	wait "$bulk"
}
check_blackout() {
	at_least "timeouts" "$(n_of '"cause":"rto"')" 2
	at_least "resent after the timeout" "$(n_of '"cause":"loss"')" 1
}
random_loss() {
	lossy_net loss b 2
	in_a "$TRAFFIC" bulk "$IP_B" 5001 6000000 2
	in_a "$TRAFFIC" bulk "$IP6_B" 5001 3000000 1
}
check_random_loss() {
	at_least "fast retransmits" "$(n_of '"cause":"fast"')" 20
	is "causes unknown" "$(n_of '"cause":"unknown"')" 0
}

[ $# != 0 ] || set -- syn synack dup_syn tail_loss blackout random_loss
for scenario; do
	echo "-- $scenario"
	net_up
	serve 5001
	record_start "$work/$scenario"
	$scenario
	settle
	kill "$server"
	record_stop || bad "record exits with $?"
	balanced "$work/$scenario" spinning

	# Attempts that failed have a cause, too: their timer fired.
	retrans "$work/$scenario" -l -a
	timeouts=$(($(n_of '"cause":"rto"') + $(n_of '"cause":"syn"') + $(n_of '"cause":"synack"' '"trigger":"timer"')))
	is_reported "TCPTimeouts" "$timeouts" "$(mib ab TCPTimeouts)"
	is_reported "RetransSegs" "$(n_tried '"cause"')" "$(mib ab RetransSegs)"
	is_reported "TCPSynRetrans" "$(($(n_tried '"cause":"syn"') + $(n_tried '"cause":"synack"')))" "$(mib ab TCPSynRetrans)"

	retrans "$work/$scenario" -l
	# tcp_cong_state_set tells these two causes apart.
	if [ "$undelivered_states" = 0 ]; then
		is_reported "TCPFastRetrans" "$(n_of '"cause":"fast"')" "$(mib ab TCPFastRetrans)"
		is_reported "TCPSlowStartRetrans" "$(n_of '"cause":"loss"')" "$(mib ab TCPSlowStartRetrans)"
	fi
	at_least "TCPLossProbes" "$(mib ab TCPLossProbes)" "$(n_of '"cause":"tlp"')"
	"check_$scenario"
done
verdict
