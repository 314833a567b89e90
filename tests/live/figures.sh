#!/bin/bash
# SPDX-License-Identifier: MIT
# Where more sockets are closed than their last figures may cost, the recorder does without them for
# a while, and says so everywhere; what is known stays exact, and nothing unknown is a 0.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1

figure() { # figure TAPE KEY: a number of info --json
	"$TCPTAPE" info --json "$1" | grep -oE "\"$2\":[0-9]+" | head -n 1 | cut -d: -f2
}
closed() { "$TCPTAPE" info --json "$1" | grep -oE '"tcp:tcp_destroy_sock":\{"counted":[0-9]+' | grep -oE '[0-9]+$'; }
conns_of() { # conns_of TAPE: connections of the mill, established and ended
	"$TCPTAPE" life --json --addr 127.99.0.0/16 "$1" 2>"$work/notes" | grep -v '"ended":"open"' >"$work/life"
}
net_up
serve 5001
lossy_net drop b tcp dport 5002

echo "-- default profile: a pause, and figures again when it is calm"
record_start "$work/tape"
in_a "$TRAFFIC" mill 500 1
# So many sockets closed at once take more than what is saved up, however slow the host is.
in_a "$TRAFFIC" storm "$IP_B" 5002 8000 1
in_a "$TRAFFIC" mill 2000 2
# What a burst took too much is paid back in ten seconds, and then it must be calm for two.
sleep 16
in_a "$TRAFFIC" bulk "$IP_B" 5001 100000 1
settle
record_stop || bad "record exits with $?"
unasked=$(figure "$work/tape" unasked_sockets)
at_least "sockets without figures" "${unasked:-0}" 100
known=$(figure "$work/tape" destroyed)
at_least "sockets with figures" "${known:-0}" 100
at_least "sockets with figures or in a pause" $((known + unasked)) $(($(closed "$work/tape") * 95 / 100))
conns_of "$work/tape"
at_least "connections without bytes" "$(grep -vc '"tx_bytes"' "$work/life")" 100
is "connections with other bytes" "$(grep '"tx_bytes"' "$work/life" |
	grep -vcE '"tx_bytes":(100,"rx_bytes":50|50,"rx_bytes":100)[,}]')" 0
is "notes on it" "$(grep -c 'did without the last figures' "$work/notes")" 1
is "bytes after the pause" "$("$TCPTAPE" life --json --rport 5001 --addr "$IP_B" "$work/tape" 2>/dev/null |
	grep -oE '"tx_bytes":[0-9]+' | sort -u)" '"tx_bytes":100008'

echo "-- profile life keeps all"
record_start "$work/exact" -p life
in_a "$TRAFFIC" mill 3000 2
settle
record_stop || bad "record exits with $?"
is "pauses" "$(figure "$work/exact" unasked_sockets)" ""
conns_of "$work/exact"
at_least "connections" "$(wc -l <"$work/life")" 100
is "connections without bytes" "$(grep -vc '"tx_bytes"' "$work/life")" 0
verdict
