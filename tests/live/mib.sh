#!/bin/bash
# SPDX-License-Identifier: MIT
# mib.sh [SCENARIO...]: compares the retransmissions on the tape with those that the kernel counts:
# RetransSegs of both namespaces = retransmissions, tail loss probes included, + retransmitted
# SYN-ACKs.
# shellcheck source=tests/live/lib.sh disable=SC2317 # functions are called by the names of scenarios
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin

random_bulk() {
	lossy_net loss both 3
	in_a "$TRAFFIC" bulk "$IP_B" 5001 3000000 2
	in_a "$TRAFFIC" bulk "$IP6_B" 5001 2000000 1
}
heavy_bulk() {
	lossy_net loss both 15
	in_a "$TRAFFIC" bulk "$IP_B" 5001 100000 3
}
random_ask() {
	lossy_net loss both 8
	in_a "$TRAFFIC" ask "$IP_B" 5001 60 2000 2
	in_a "$TRAFFIC" ask "$IP6_B" 5001 40 4000 2
}
one_way() {
	lossy_net loss b 10
	in_a "$TRAFFIC" conn "$IP_B" 5001 60
}
hanging() {
	lossy_net drop b tcp dport 5002
	in_a "$TRAFFIC" storm "$IP_B" 5002 200 3
	in_a "$TRAFFIC" storm "$IP6_B" 5002 50 2
}
closing() {
	lossy_net loss both 20
	in_a "$TRAFFIC" reset "$IP_B" 5001 15
	in_a "$TRAFFIC" conn "$IP6_B" 5001 15
}

# The number that a counter had when the recorder stopped, given what it was before and after that: a
# connection that still closes may retransmit in between. FOUND if it can be that, else AFTER.
# within FOUND BEFORE AFTER
within() {
	if [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; then echo "$1"; else echo "$3"; fi
}

[ $# != 0 ] || set -- random_bulk heavy_bulk random_ask one_way hanging closing
for scenario; do
	echo "-- $scenario"
	net_up
	serve 5001
	record_start "$work/$scenario" -p loss
	$scenario
	settle
	kill "$server"
	segs=$(mib ab RetransSegs) failed=$(mib ab TCPRetransFail)
	record_stop || bad "record exits with $?"
	balanced "$work/$scenario" spinning
	retrans "$work/$scenario" -l -a
	at_least "retransmits" "$(n_tried '"cause"')" 1
	n=$(n_tried '"cause"')
	is_reported "RetransSegs" "$n" "$(within "$n" "$segs" "$(mib ab RetransSegs)")"
	is_reported "TCPSpuriousRtxHostQueues" "$(n_of '"err":-16')" "$(mib ab TCPSpuriousRtxHostQueues)"
	retrans "$work/$scenario" -l
	n=$(n_of '"cause"')
	is_reported "RetransSegs less TCPRetransFail" "$n" \
		"$(within "$n" $((segs - failed)) $(($(mib ab RetransSegs) - $(mib ab TCPRetransFail))))"
done
verdict
