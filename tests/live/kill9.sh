#!/bin/bash
# SPDX-License-Identifier: MIT
# A killed recorder leaves all events older than a second on its tape. A second recorder, which ends
# normally, shows which events there were. The load pauses at the end of every 100 ms of the clock,
# so that the tapes can be cut where nothing happens.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin

# times TAPE: prints "ts_ns event" lines
times() {
	"$TCPTAPE" replay --json "$1" 2>>"$work/notes" | awk '
		match($0, /"ts_ns":[0-9]+/) {
			ts = substr($0, RSTART + 8, RLENGTH - 8)
			match($0, /"event":"[^"]+"/)
			print ts, substr($0, RSTART + 9, RLENGTH - 10)
		}'
}
quiet() { echo $((($1 / 100000000) * 100000000 + 90000000)); }
counts() { awk -v from="$from" -v to="$to" '$1 > from && $1 < to { n[$2]++ } END { for (e in n) print e, n[e] }' "$1" | sort; }

for round in 1 2 3; do
	echo "-- round $round"
	"$TRAFFIC" churn 7100 12 1 60 >"$work/churn" &
	churn=$!
	pids+=("$churn")
	record_start "$work/killed" -p all
	killed=$recorder
	record_start "$work/whole" -p all
	sleep "$((RANDOM % 3 + 1)).$((RANDOM % 900 + 100))"
	at=$("$TRAFFIC" now)
	kill -9 "$killed"
	wait "$killed" 2>/dev/null
	sleep 0.3
	record_stop || bad "record exits with $?"
	kill "$churn"
	wait "$churn"

	"$TCPTAPE" check "$work/killed" >"$work/check" 2>&1
	is "check exits with" $? 3
	"$TCPTAPE" replay --json "$work/killed" >/dev/null 2>&1
	is "replay exits with" $? 3
	"$TCPTAPE" check "$work/whole" >"$work/check" 2>&1
	is "check of the other exits with" $? 0
	is "lost by the other" "$(total "$work/whole" 4)" 0

	times "$work/killed" >"$work/killed.times"
	times "$work/whole" >"$work/whole.times"
	last=$(tail -n 1 "$work/killed.times" | cut -d' ' -f1)
	at_least "last event, ms before the kill" $(((${last:-0} - at) / 1000000)) -1000
	from=$(quiet $(($(head -n 1 "$work/whole.times" | cut -d' ' -f1) + 200000000)))
	to=$(quiet $((at - 1050000000)))
	counts "$work/whole.times" >"$work/expected"
	counts "$work/killed.times" >"$work/found"
	at_least "events compared" "$(awk '{ n += $2 } END { print n + 0 }' "$work/expected")" 1000
	diff "$work/expected" "$work/found" || bad "events are missing"
done
verdict
