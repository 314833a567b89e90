#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares samples with what ss shows of the same sockets at nearly the same time: the queue of a
# listener that does not accept, and a connection whose peer does not read.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin
mkfifo "$work/says" "$work/go"
# shellcheck disable=SC2016 # for the inner shell
unshare -n sh -c 'ip link set lo up; exec python3 "$0" load "$1"' \
	"$SOURCE/tests/live/samples.py" "$work/truth" <"$work/go" >"$work/says" &
load=$!
pids+=("$load")
exec 3>"$work/go" 4<"$work/says"
read -r -t 60 _ <&4 || { bad "the load does not begin"; verdict; }
record_start "$work/t.tape"
echo go >&3
read -r -t 120 _ <&4 || { bad "the load does not end"; verdict; }
record_stop || bad "record exits with $?"
echo end >&3
exec 3>&- 4<&-
"$TCPTAPE" check "$work/t.tape" || bad "the tape is not whole"
"$TCPTAPE" replay --samples --sockets --json "$work/t.tape" >"$work/rows.json" || bad "replay exits with $?"
python3 "$SOURCE/tests/live/samples.py" check "$work/rows.json" "$work/truth" || bad "samples"
# A recording without sockets has no samples.
"$TCPTAPE" record --no-sockets -d 2 -o "$work/none.tape" 2>/dev/null || bad "record exits with $?"
is "samples without sockets" "$("$TCPTAPE" replay --samples --json "$work/none.tape" | grep -c tcp_sample)" 0
verdict
