#!/bin/bash
# SPDX-License-Identifier: MIT
# No event disappears unnoticed: for each tracepoint, counted = recorded + lost + undelivered, and
# all recorded events can be replayed.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1

load() {
	net_up
	serve 5001
	lossy_net loss both 3
	in_a "$TRAFFIC" bulk "$IP_B" 5001 1000000 2
	in_a "$TRAFFIC" conn "$IP6_B" 5001 10
	in_a "$TRAFFIC" reset "$IP_B" 5001 10
	kill "$server"
}
check() {
	balanced "$1" "${2:-}"
	"$TCPTAPE" check "$1" >"$work/check" 2>&1 || { cat "$work/check"; bad "check exits with $?"; }
	accounts "$1" | awk '$3 { sub(/.*:/, "", $1); print $1, $3 }' | sort >"$work/recorded"
	"$TCPTAPE" replay --json "$1" 2>>"$work/notes" | grep -oE '"event":"[^"]*"' | cut -d'"' -f4 |
		sed 's/.*://' | sort | uniq -c | awk '{ print $2, $1 }' | sort >"$work/replayed"
	at_least "events" "$(awk '{ n += $2 } END { print n + 0 }' "$work/replayed")" 1000
	diff "$work/recorded" "$work/replayed" || bad "recorded (<) and replayed (>) differ"
}

echo "-- CPUs may idle"
record_start "$work/idle" -p all
load
settle
record_stop || bad "record exits with $?"
check "$work/idle"
echo "undelivered: $(total "$work/idle" 5)"

echo "-- no CPU idles"
spin
record_start "$work/busy" -p all
load
settle
record_stop || bad "record exits with $?"
check "$work/busy" spinning

echo "-- rings too small: losses, and all of them are counted"
record_start "$work/small" -p all -b 8K
"$TRAFFIC" churn 7200 2 2
record_stop || bad "record exits with $?"
check "$work/small" spinning
echo "lost: $(total "$work/small" 4)"
verdict
