#!/bin/bash
# SPDX-License-Identifier: MIT
# Checks owners, bytes, durations, beginnings and ends of known connections (truth.py) in four
# profiles, while other processes use the CPUs.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin
# Waits until the first dump of sockets is on the tape ("listing":2 marks its end). This test does
# not look at sockets that change while a late dump is read.
wait_for_dump() {
	local _
	for _ in {1..600}; do
		"$TCPTAPE" replay --sockets --json "$1" 2>/dev/null |
			grep -q '"event":"sock_diag:socket_table".*"listing":2,' && return
		sleep 0.1
	done
	bad "no first dump of sockets"
}
for profile in loss life bytes all; do
	echo "profile $profile"
	mkfifo "$work/go.$profile" "$work/says.$profile"
	# shellcheck disable=SC2016 # for the inner shell
	TCPTAPE=$TCPTAPE unshare -n sh -c 'ip link set lo up; exec python3 "$0" load "$1"' \
		"$SOURCE/tests/live/truth.py" "$work/truth.$profile" \
		<"$work/go.$profile" >"$work/says.$profile" &
	load=$!
	pids+=("$load")
	exec 3>"$work/go.$profile" 4<"$work/says.$profile"
	read -r -t 120 _ <&4 || { bad "the load does not begin"; verdict; }
	record_start "$work/$profile.tape" -p "$profile"
	wait_for_dump "$work/$profile.tape"
	echo go >&3
	read -r -t 600 _ busy <&4 || { bad "the load does not end"; verdict; }
	record_stop || bad "record exits with $?"
	echo end >&3
	exec 3>&- 4<&-
	balanced "$work/$profile.tape" spinning
	undelivered=$(accounts "$work/$profile.tape" | awk '$1 !~ /:tcp_(probe|cong_state_set)$/ { n += $5 } END { print n + 0 }')
	UNDELIVERED=$undelivered BUSY=$busy TCPTAPE=$TCPTAPE python3 "$SOURCE/tests/live/truth.py" check \
		"$work/$profile.tape" "$work/truth.$profile" "$profile" || bad "profile $profile"
done
verdict
