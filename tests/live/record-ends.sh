#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests all the ways in which a recording ends, or does not begin.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin
net_up
serve 5001

whole() { "$TCPTAPE" check "$1" >"$work/check" 2>&1; is "check exits with" $? 0; }
# refused STATUS PATTERN ARGUMENT...: checks that record fails at once, with one line on stderr that
# has the pattern
refused() {
	local status=$1 pattern=$2
	shift 2
	timeout 120 "$@" </dev/null >"$work/out" 2>"$work/err"
	local got=$?
	[[ $got =~ ^$status$ ]] || bad "${*:2:5}: exits with $got"
	# Notes about namespaces of other tests that went away may stand beside it.
	is "lines on stderr that say it" "$(grep -cE -- "$pattern" "$work/err")" 1
	grep -qE "$pattern" "$work/err" || bad "stderr says: $(cat "$work/err")"
}

echo "-- duration"
started=$("$TRAFFIC" now)
timeout 120 "$TCPTAPE" record -d 2 -o "$work/t" </dev/null >"$work/out" 2>"$work/err"
is "exits with" $? 0
took=$((($("$TRAFFIC" now) - started) / 100000000))
at_least "tenths of a second" "$took" 20
[ "$took" -lt 600 ] || bad "two seconds took $took tenths"
whole "$work/t"
is "mode of the tape" "$(stat -c %a "$work/t")" 600

echo "-- before the first table of sockets is complete"
hanging=$(in_a sh -c "\"$TRAFFIC\" storm $IP_B 5001 10000 60 >/dev/null 2>&1 & echo \$!")
pids+=("$hanging")
for _ in {1..600}; do
	[ "$(in_b ss -Htn state established | wc -l)" -lt 10000 ] || break
	sleep 0.1
done
timeout 120 "$TCPTAPE" record -d 0.001 -o "$work/brief" </dev/null >"$work/out" 2>"$work/err"
is "exits with" $? 0
whole "$work/brief"
kill -9 "$hanging"

for signal in INT TERM HUP; do
	echo "-- SIG$signal"
	record_start "$work/t$signal"
	record_stop_by "$signal"
	is "exits with" $? 0
	whole "$work/t$signal"
done

echo "-- the command's end"
lossy_net loss both 5
timeout 300 "$TCPTAPE" record -o "$work/command" -- ip netns exec "$NS_A" "$TRAFFIC" bulk "$IP_B" 5001 2000000 1 \
	</dev/null >"$work/out" 2>"$work/err"
is "exits with" $? 0
grep -q '^bulk: 1 ' "$work/out" || bad "the command's output is missing"
whole "$work/command"
retrans "$work/command"
at_least "retransmits" "$(n_of '"cause"')" 1

echo "-- a pipe: lines while it records"
mkfifo "$work/pipe"
"$TCPTAPE" retrans --json - <"$work/pipe" >"$work/stream" 2>"$work/err2" &
stream=$!
"$TCPTAPE" record -o - </dev/null >"$work/pipe" 2>"$work/err" &
recorder=$!
pids+=("$stream" "$recorder")
for _ in {1..60}; do
	in_a "$TRAFFIC" bulk "$IP_B" 5001 200000 1 >/dev/null
	[ ! -s "$work/stream" ] || break
	sleep 0.5
done
at_least "lines before the end" "$(wc -l <"$work/stream")" 1
record_stop
is "record exits with" $? 0
ended "$stream" 120 || { bad "retrans goes on after the pipe's end"; kill -9 "$stream"; }
wait "$stream"
is "retrans exits with" $? 0

echo "-- the reader of the pipe goes"
{ timeout 120 "$TCPTAPE" record -d 30 -p all -o - 2>"$work/err"; echo $? >"$work/status"; } </dev/null | head -c 5000 >/dev/null &
gone=$!
sleep 1
"$TRAFFIC" churn 7400 3 1 50 >/dev/null
wait "$gone"
grep -qE '^[01]$' "$work/status" || bad "record exits with $(cat "$work/status")"

echo "-- disk full"
mkdir "$work/small"
mount -t tmpfs -o size=512k tmpfs "$work/small"
"$TRAFFIC" churn 7500 60 2 >/dev/null &
churn=$!
timeout 120 "$TCPTAPE" record -d 60 -p all -o "$work/small/t" </dev/null >"$work/out" 2>"$work/err"
is "exits with" $? 1
grep -qiE 'full|space' "$work/err" || bad "stderr says: $(cat "$work/err")"
kill "$churn"
wait "$churn"
"$TCPTAPE" check "$work/small/t" >"$work/check" 2>&1
is "check exits with" $? 3
at_least "events that can be read" "$("$TCPTAPE" replay --json "$work/small/t" 2>/dev/null | wc -l)" 1000
umount "$work/small"

echo "-- refusals"
refused 1 "no/such/folder" "$TCPTAPE" record -d 1 -o "$work/no/such/folder/t"
refused 1 "$work" "$TCPTAPE" record -d 1 -o "$work"
refused '[12]' nonsense "$TCPTAPE" record -d 1 -o "$work/x" -e tcp:nonsense
refused 2 lsos "$TCPTAPE" record -d 1 -o "$work/x" -p lsos

echo "-- a name that is taken"
record_start "$work/taken" -d 600
refused 1 "$work/taken: another process is writing it" "$TCPTAPE" record -d 1 -o "$work/taken"
record_stop
is "the first recorder exits with" $? 0
whole "$work/taken"
cp "$work/taken" "$work/kept"
refused 1 nonsense "$TCPTAPE" record -o "$work/taken" -- "$work/nonsense"
cmp "$work/taken" "$work/kept" || bad "a recording that did not begin changed the file"
chmod 644 "$work/taken"
timeout 20 "$TCPTAPE" record -d 1 -o "$work/taken" </dev/null >"$work/out" 2>"$work/err"
is "over a tape: exits with" $? 0
whole "$work/taken"
is "mode of the tape" "$(stat -c %a "$work/taken")" 600
ln -s "$work/kept" "$work/link"
sum=$(cksum <"$work/kept")
refused 1 "$work/link: is a symbolic link" "$TCPTAPE" record -d 1 -o "$work/link"
is "what the link leads to" "$(cksum <"$work/kept")" "$sum"
is "other files beside the tapes" "$(find "$work" -name '.tcptape-*' | wc -l)" 0
timeout 20 "$TCPTAPE" record -d 1 -o /dev/stdout </dev/null 2>"$work/err" >"$work/stdout"
is "/dev/stdout: exits with" $? 0
whole "$work/stdout"
timeout 20 "$TCPTAPE" record -d 1 -o /dev/null </dev/null >"$work/out" 2>"$work/err"
is "/dev/null: exits with" $? 0
mkfifo "$work/fifo"
cat "$work/fifo" >"$work/copy" &
copy=$!
timeout 20 "$TCPTAPE" record -d 1 -o "$work/fifo" </dev/null >"$work/out" 2>"$work/err"
is "a FIFO: exits with" $? 0
wait "$copy"
whole "$work/copy"

echo "-- two recorders of one second, without a name"
mkdir "$work/here"
for i in 1 2; do
	(cd "$work/here" && exec timeout 20 "$TCPTAPE" record -d 1) </dev/null >"$work/out$i" 2>"$work/err$i" &
	recorders[i]=$!
done
n_done=0
for i in 1 2; do wait "${recorders[i]}" && n_done=$((n_done + 1)); done
at_least "that recorded" "$n_done" 1
is "tapes" "$(find "$work/here" -name '*.tape' | wc -l)" "$n_done"
for tape in "$work"/here/*.tape; do whole "$tape"; done

echo "-- no permission"
chmod 755 "$work"
cp "$TCPTAPE" "$work/tcptape"
chmod 755 "$work/tcptape"
mkdir -m 777 "$work/open"
refused 1 . setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
	"$work/tcptape" record -d 1 -o "$work/open/t"
verdict
