#!/bin/bash
# SPDX-License-Identifier: MIT
# Records many events at once with default options, and no event may be lost. TCPTAPE_STORM sets the
# number of sockets of the SYN storm (80000 for a full test).
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin
sockets=${TCPTAPE_STORM:-5000}
sources=$((sockets / 20000 + 1))

per_event() {
	local n
	n=$(total "$1" 3)
	at_least "events of $2" "$n" "$3"
	is "lost" "$(total "$1" 4)" 0
	[ "$n" != 0 ] || return
	echo "$2: $n events, $(stat -c %s "$1") bytes, $(($(stat -c %s "$1") * 100 / n)) bytes per 100 events"
}

net_up
for ((i = 0; i < sources; i++)); do
	ip -n "$NS_A" addr add "${NET4%.0.0/16}.78.$((i + 1))/16" dev lv
done
record_start "$work/storm"
lossy_net drop b tcp dport 5002
in_a "$TRAFFIC" storm "$IP_B" 5002 "$sockets" 5 "${NET4%.0.0/16}.78.1" "$sources" || bad "storm exits with $?"
settle
record_stop || bad "record exits with $?"
balanced "$work/storm" spinning
retrans "$work/storm" -l -a
is_reported "RetransSegs" "$(n_tried '"cause":"syn"')" "$(mib a RetransSegs)"
is_reported "TCPRetransFail" $(($(n_tried '"cause":"syn"') - $(n_of '"cause":"syn"' '"err":0'))) "$(mib a TCPRetransFail)"
per_event "$work/storm" storm $((sockets * 2))

record_start "$work/churn" -p all
"$TRAFFIC" churn 7300 4 2
record_stop || bad "record exits with $?"
balanced "$work/churn" spinning
per_event "$work/churn" churn 50000
verdict
