#!/bin/bash
# SPDX-License-Identifier: MIT
# counters.sh: the counters on the tape against nstat, to the unit, in a namespace whose traffic lies
# within the recording; and the tape's audit of itself.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin
command -v nstat >/dev/null || skip "no nstat"
net_up
serve 5001
in_a "$TRAFFIC" conn "$IP_B" 5001 3
settle

# nstat's names are those of the tape without the dot: TcpExtListenDrops, Ip6InReceives.
counters_now() { in_a nstat -asz 2>/dev/null | awk 'NR > 1 { print $1, $2 }' | sort; }
counters_tape() {
	"$TCPTAPE" host --all --netns "$netns" --json "$work/tape" 2>>"$work/notes" |
		grep -E '"counter":"(Tcp|TcpExt|Ip|IpExt|Icmp)\.|"counter":"Ip6' |
		sed -E "s/.*\"counter\":\"([^\"]*)\".*\"$1\":(-?[0-9]+).*/\1 \2/" | tr -d . | sort
}

# counters_still FILE: writes the counters once TCP's have stood still for half a second: an
# acknowledgement may be delayed for up to 200 ms, and its socket shows no timer of retransmission.
counters_still() {
	local _
	counters_now >"$1"
	for _ in {1..60}; do
		sleep 0.5
		counters_now >"$1.next"
		! cmp -s <(grep ^Tcp "$1") <(grep ^Tcp "$1.next") || return 0
		mv "$1.next" "$1"
	done
	bad "TCP's counters do not stand still"
}

netns=$(in_a stat -L -c %i /proc/self/ns/net)
counters_still "$work/before"
tape=$work/tape
ip netns exec "$NS_A" "$TCPTAPE" record -o "$tape" </dev/null >"$tape.out" 2>"$tape.err" &
recorder=$!
pids+=("$recorder")
for _ in {1..100}; do ! is_recording || break; sleep 0.1; done
lossy_net loss both 5
in_a "$TRAFFIC" bulk "$IP_B" 5001 300000 4
in_a "$TRAFFIC" ask "$IP_B" 5001 30 2000 4
in_a "$TRAFFIC" conn "$IP_B" 5001 20
settle
counters_still "$work/after"
record_stop || bad "record exits with $?"

for which in before after; do
	[ $which = before ] && key=first || key=last
	counters_tape "$key" >"$work/tape.$which"
	# What the network itself does in the meantime (neighbour discovery) is no TCP.
	join <(grep "^Tcp" "$work/$which") <(grep "^Tcp" "$work/tape.$which") >"$work/both"
	at_least "Tcp counters $which" "$(wc -l <"$work/both")" 60
	is "Tcp counters that differ from nstat $which" "$(awk '$2 != $3' "$work/both")" ""
done
at_least "RetransSegs on the tape" "$(($(awk '/^TcpRetransSegs/ { print $2 }' "$work/tape.after") - \
	$(awk '/^TcpRetransSegs/ { print $2 }' "$work/tape.before")))" 1

balanced "$tape" spinning
"$TCPTAPE" info "$tape" | sed -n '/^audit/,/^$/p'
at_least "counters compared" "$("$TCPTAPE" info --json "$tape" | grep -o '"unaccounted":' | wc -l)" 3
"$TCPTAPE" report --fail-if 'unaccounted>0' "$tape" >"$work/report" 2>"$work/fail"
is "report --fail-if unaccounted>0" "$? $(grep -c unaccounted "$work/fail")" "0 0"
verdict
