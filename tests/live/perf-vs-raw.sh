#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs perf record and tcptape record side by side on one load: they must have the same events with
# the same fields. Each has perf events of its own in the kernel, so that times differ by some 100
# ns; the records, their CPU and, nearly, their order must agree. sk_data_ready is left out, because
# it prints a symbol, which perf now and then does not find.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
command -v perf >/dev/null || skip "no perf"
spin
net_up
serve 5001

events='tcp:*'
for event in /sys/kernel/tracing/events/sock/*/; do
	event=$(basename "$event")
	[ "$event" = sk_data_ready ] || events+=,sock:$event
done
perf record -q -B -k CLOCK_MONOTONIC -a -m 16M -e "$events" -o "$work/perf.data" \
	</dev/null >"$work/perf.out" 2>&1 &
perf=$!
pids+=("$perf")
sleep 1
record_start "$work/tape" -p all --raw-pointers -b 16M
sleep 0.5
from=$("$TRAFFIC" now)
sleep 0.5
lossy_net loss both 5
in_a "$TRAFFIC" bulk "$IP_B" 5001 2000000 2
in_a "$TRAFFIC" ask "$IP6_B" 5001 50 3000 1
in_a "$TRAFFIC" conn "$IP_B" 5001 20
in_a "$TRAFFIC" reset "$IP6_B" 5001 20
in_a "$TRAFFIC" conn "$IP_B" 5009 3
lossy_net drop b tcp dport 5002
in_a "$TRAFFIC" storm "$IP_B" 5002 100 2
lossy_net drop a "tcp sport 5001 tcp flags & (syn | ack) == (syn | ack)"
in_a "$TRAFFIC" storm "$IP6_B" 5001 20 2
settle
kill "$server"
"$TRAFFIC" churn 7000 1 1 50
sleep 0.5
to=$("$TRAFFIC" now)
sleep 0.5
record_stop || bad "record exits with $?"
# perf may miss a signal that comes just before it sleeps.
for _ in {1..10}; do
	kill -INT "$perf"
	ended "$perf" 2 && break
done
wait "$perf"
grep -i lost "$work/perf.out" && bad "perf lost events"
balanced "$work/tape" spinning
is "lost" "$(total "$work/tape" 4)" 0

# normal: turns lines `... tid [cpu] time: system:name: text` between the times `from` and `to` into
# "cpu event tid text", in the same order
normal() {
	sed -nE 's/^.*[^0-9]([0-9]+) +\[([0-9]+)\] +([0-9]+)\.([0-9]{6}): +([a-z_]+:[a-z_0-9]+): */\3\4 \2 \5 \1 /p' |
		awk -v from="$from" -v to="$to" '$1 * 1000 >= from && $1 * 1000 <= to {
			sub(/^[0-9]+ /, "")
			sub(/ +$/, "")
			print
		}'
}
# kernels: what the kernel prints in the place of what perf takes for unsigned, does not resolve or has
# another word for
kernels() {
	local names=(ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK
		LISTEN CLOSING NEW_SYN_RECV) script='s/\(nil\)/0x0/g; s/length = (-[0-9]+), error = 0/length = 0, error = \1/' i
	for i in "${!names[@]}"; do
		printf -v script '%s; s/ state=%#x( |$)/ state=TCP_%s\\1/' "$script" $((i + 1)) "${names[i]}"
	done
	sed -E "$script"
}
perf script -F comm,tid,cpu,time,event,trace -i "$work/perf.data" 2>"$work/perf.err" | normal | kernels >"$work/by-perf"
"$TCPTAPE" replay --raw "$work/tape" 2>"$work/notes" | grep -v ' sock:sk_data_ready: ' | normal >"$work/by-tape"
at_least "events of perf" "$(wc -l <"$work/by-perf")" 5000

cut -d' ' -f2 "$work/by-perf" | sort | uniq -c >"$work/n-perf"
cut -d' ' -f2 "$work/by-tape" | sort | uniq -c >"$work/n-tape"
cat "$work/n-tape"
diff "$work/n-perf" "$work/n-tape" || bad "numbers of events differ"
at_least "tracepoints hit" "$(wc -l <"$work/n-tape")" 12
for by in perf tape; do sort "$work/by-$by" >"$work/sorted-$by"; done
comm -3 "$work/sorted-perf" "$work/sorted-tape" >"$work/differ"
is "records that differ" "$(wc -l <"$work/differ")" 0
head -n 20 "$work/differ"
# An interrupt between the time stamps of two recorders puts its own events between them. Nothing
# else may change the order.
for by in perf tape; do sort -s -k1,1 -k2,2 "$work/by-$by" >"$work/sorted-$by"; done
moved=$(cmp -l "$work/sorted-perf" "$work/sorted-tape" 2>/dev/null | wc -l)
size=$(stat -c %s "$work/sorted-perf")
echo "bytes in another place: $moved of $size"
[ "$moved" -le $((size / 100)) ] || bad "the order differs"
verdict
