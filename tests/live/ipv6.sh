#!/bin/bash
# SPDX-License-Identifier: MIT
# IPv6, and IPv4 clients of a listener of both families. To the kernel the SYN-ACKs of that listener
# are IPv6 with v4-mapped addresses; tcptape must show the same addresses at both ends.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin
net_up
serve 5001 ::
four=$(in_b "$TRAFFIC" sink 5003 0.0.0.0)
pids+=("$four")
record_start "$work/tape" -p all
lossy_net drop a "tcp flags & (syn | ack) == (syn | ack)"
in_a "$TRAFFIC" storm "$IP_B" 5001 5 3
in_a "$TRAFFIC" storm "$IP_B" 5003 5 3
in_a "$TRAFFIC" storm "$IP6_B" 5001 5 3
lossy_net clear
lossy_net loss b 5
in_a "$TRAFFIC" bulk "$IP6_B" 5001 2000000 1
in_a "$TRAFFIC" bulk "$IP_B" 5001 2000000 1
settle
kill "$server" "$four"
record_stop || bad "record exits with $?"

balanced "$work/tape" spinning
retrans "$work/tape" -l -a
is_reported "RetransSegs" "$(n_tried '"cause"')" "$(mib ab RetransSegs)"
retrans "$work/tape" -l
is "mapped addresses" "$(grep -c '::ffff:' "$work/retrans")" 0
at_least "IPv4 SYN-ACKs of the listener of both" "$(n_of '"cause":"synack"' "\"laddr\":\"$IP_B\"" '"lport":5001')" 5
at_least "IPv4 SYN-ACKs of the IPv4 listener" "$(n_of '"cause":"synack"' "\"laddr\":\"$IP_B\"" '"lport":5003')" 5
at_least "IPv6 SYN-ACKs" "$(n_of '"cause":"synack"' "\"laddr\":\"$IP6_B\"" '"lport":5001')" 5
is "family of IPv4 addresses" "$(n_of "\"laddr\":\"${NET4%.0.0/16}.")" "$(n_of '"family":4')"
is "family of IPv6 addresses" "$(n_of "\"laddr\":\"${NET6%:/64}:")" "$(n_of '"family":6')"
v4=$(n_of '"family":4') v6=$(n_of '"family":6')
at_least "IPv6 retransmits" "$v6" 20

retrans "$work/tape" -l -4
is "with -4" "$(n_of '"cause"')" "$v4"
retrans "$work/tape" -l -6
is "with -6" "$(n_of '"cause"')" "$v6"
retrans "$work/tape" -l --addr "$NET4"
is "with --addr $NET4" "$(n_of '"cause"')" "$v4"
retrans "$work/tape" -l --addr "$NET6"
is "with --addr $NET6" "$(n_of '"cause"')" "$v6"
"$TCPTAPE" retrans "$work/tape" 2>/dev/null | grep -qF "[$IP6_A]:" || bad "no [address]:port in the text"
verdict
