#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares the findings of `report` with the faults that were put into the network, and with loads
# without a fault. Each scenario has a network, a recorder and a tape of its own.
#
#   incidents.sh [-r] [-j JOBS] [-n TIMES] [NAME...]   scenarios by name or by its beginning; all
#
# With `-r` scenarios that fail run once more, alone: on a machine that is short of CPU an outage of
# a second may last three, and the fault is not the intended one.
# After a change to a detector, `-n 10 healthy` should pass. Run by hand, this script needs TCPTAPE
# and TRAFFIC, the paths of the two programs, in its environment.
# KEEP=DIR keeps the tapes in DIR, with a README; JUDGE=DIR checks the reports of tapes kept there,
# and records nothing. NO_REPORT=1 only records.
: "${SOURCE:=$(cd "$(dirname "$0")/../.." && pwd)}"
# shellcheck source=tests/live/lib.sh disable=SC2317 # functions are called by the names of scenarios
. "$SOURCE/tests/live/lib.sh" || exit 1
. "$SOURCE/tests/live/incidents-net.sh"
. "$SOURCE/tests/live/incidents-faults.sh"
. "$SOURCE/tests/live/incidents-healthy.sh"

n_jobs=6 times=1 again=
while getopts rj:n: option; do
	case $option in
	r) again=1 ;;
	j) n_jobs=$OPTARG ;;
	n) times=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))

# Columns: the scenario; which events are recorded (r: those whose remote port is one of the
# scenario's, l: local port, p: either, -: all events); options of record; findings that there must
# be, each with the text that it has to contain (@ is the network's number, +0 and +1 are its
# ports); other findings that are true; what happened.
table() {
	sed '/^#/d; /^$/d' <<'END'
loss_peer|r||loss~10.@.4.1|timeouts tail-loss slow-connects stalled|5 % of the packets to 10.@.4.1 are lost, 9 peers in other /24s are fine
loss_peer_both|p||loss~10.@.4.1|timeouts tail-loss slow-connects stalled|the same, and the other side is recorded too
loss_peer_all|r|-p all|loss~10.@.4.1|timeouts tail-loss slow-connects stalled|the same with profile all
loss_peer_no_sockets|r|--no-sockets|loss~10.@.4.1|timeouts tail-loss slow-connects stalled|the same without socket tables
loss_peer_no_stacks|r|--no-stacks|loss~10.@.4.1|timeouts tail-loss slow-connects stalled|the same without call chains
loss_peer6|r||loss~fd77:@:3::1|timeouts tail-loss slow-connects stalled|5 % to fd77:@:3::1 are lost, 5 other /64s are fine
loss_prefix|r||loss~10.@.9.0/24|timeouts tail-loss slow-connects stalled|5 % to 10.@.9.1, .2 and .3 are lost, 6 peers in other /24s are fine
loss_prefix6|r||loss~fd77:@:9::/64|timeouts tail-loss slow-connects stalled|5 % to fd77:@:9::1, ::2 and ::3 are lost, 5 peers in other /64s are fine
loss_peer_mapped|r||loss~10.@.4.1|timeouts tail-loss slow-connects stalled|5 % of the packets to 10.@.4.1 are lost, 5 peers in other /24s are fine; sockets are IPv6 with mapped addresses
loss_client|l||loss~10.@.4.1|timeouts tail-loss slow-connects stalled|this host serves at port +0; 5 % of the packets to the client 10.@.4.1 are lost, 7 clients are fine
two_at_once|r||loss~10.@.4.1 unreachable~10.@.5.1|timeouts tail-loss slow-connects stalled|5 % of the packets to 10.@.4.1 are lost, and SYNs to 10.@.5.1 vanish; 5 peers are fine
loss_port|r||loss~+0|timeouts tail-loss slow-connects stalled|5 % to port +0 of one peer are lost, its port +1 is fine
loss_port_of_all|r||loss~+0|timeouts tail-loss slow-connects stalled|5 % to port +0 of five peers are lost, port +1 of all is fine
loss_all|r||loss!10.@.1.1,10.@.2.1,10.@.3.1,10.@.4.1,10.@.5.1,10.@.6.1,10.@.7.1,10.@.8.1|timeouts tail-loss slow-connects stalled|3 % to all of eight peers are lost
timeouts|r||timeouts|loss tail-loss stalled slow-connects|everything to 10.@.3.1 is lost for 0.8 s, five times; 3 peers are fine
tail_loss|r||tail-loss|loss timeouts stalled|12 % of the last, small segments of messages of three segments are lost, 4 peers
unreachable|r||unreachable~10.@.5.1||SYNs to 10.@.5.1:+0 vanish, 4 peers are fine
unreachable6|r||unreachable~fd77:@:2::1||SYNs to [fd77:@:2::1]:+0 vanish, 2 peers are fine
backlog|l||backlog~+1|loss|nobody accepts at port +1, backlog 8; 9 fit in, others repeat SYN or get SYN-ACKs again; port +0 is fine
backlog_plain|l||backlog~+1||nobody accepts at port +1, backlog 1; SYNs are dropped, the only trace is the listener's full queue in the socket table
synack_lost|l||backlog~+1|loss unreachable|SYN-ACKs of port +1 do not arrive; port +0 is fine
resets_midway|r||resets~10.@.4.1||the server 10.@.4.1:+1 resets each connection after 100 kB, 3 peers are fine
resets_rejected|r||resets~10.@.4.1|connects|after 2 s a firewall resets 15 connections to 10.@.4.1, 3 peers are fine
resets_sent|l||resets~+1||this host's server at port +1 resets each connection after 100 kB
connects_refused|r||connects~10.@.4.1|resets|nobody listens at 10.@.4.1:+1, 100 attempts; 3 peers are fine
connects_icmp|r||connects~10.@.4.1|unreachable|ICMP host unreachable for every SYN to 10.@.4.1, 24 attempts (each takes a second); 3 peers are fine
connects_slow|r||slow-connects~10.@.4.1|loss connects unreachable|30 % of the SYNs to 10.@.4.1 are lost; 3 peers are fine
stalled|r||stalled~10.@.2.1|timeouts tail-loss loss|one of 30 connections, to 10.@.2.1, loses every packet from second 1 to the end
stalled_recovers|r||stalled~10.@.2.1|timeouts tail-loss loss|one of 30 connections, to 10.@.2.1, loses every packet for 2.5 s, then goes on
window_closed|r||window~+1||a receiver at port +1 that never reads, three senders; port +0 is fine
window_small|r||window~+1||a receiver at port +1 with 4 kB that reads 2000 bytes every 20 ms, three senders; port +0 is fine
local_refused|r||local|stalled timeouts loss tail-loss|after 1 s all to 10.@.4.1 is lost, 0.1 s later also dropped in this host's output hook (EPERM), to the end
local_no_route|r||local|stalled timeouts loss tail-loss|after 1 s all to 10.@.4.1 is lost, 0.1 s later its route is "unreachable"
local_link_down|r||local|stalled timeouts loss tail-loss synchronised|after 1 s all is lost, 0.1 s later this host's link is down
synchronised|r||synchronised|timeouts tail-loss loss stalled|everything to all of 12 peers is lost for 0.6 s, once
checksum|r||checksum|loss timeouts tail-loss|20 % of the answers of 10.@.2.1 arrive with a wrong checksum, 2 peers are fine
healthy_bulk|p|||quiet|bulk, one segment per packet
healthy_bulk_gso|p|||quiet|bulk with segmentation offload
healthy_short|p|||quiet|200 short connections per second
healthy_ask|p|||quiet|requests and answers over 56 connections, IPv4 and IPv6
healthy_churn|p|||quiet|loopback connections, as many as go
healthy_mill|-|||quiet|processes that connect to themselves
healthy_idle|p|||quiet|2000 idle connections, opened before
healthy_mix|p|||quiet|requests, bulk, short connections and idle ones
healthy_hogged|p|||quiet|the same on a CPU that three others want
healthy_mix_all|p|-p all||quiet|the same with profile all
healthy_mix_life|p|-p life||quiet|the same with profile life
healthy_mix_bytes|p|-p bytes||quiet|the same with profile bytes
healthy_mix_no_sockets|p|--no-sockets||quiet|the same without socket tables
healthy_nothing|p|||quiet|nothing at all
healthy_one|p|||quiet|one connection
END
}
# filled TEXT: prints the text with the scenario's addresses and ports
filled() { sed "s/@/$NET_NUMBER/g; s/+0/$PORT/g; s/+1/$((PORT + 1))/g" <<<"$1"; }

# play NUMBER NAME VIEW OPTIONS WANT MAY STORY: runs one scenario, in a process of its own
play() {
	local i=$1 name=$2 view=$3 options=$4 tape=$work/$1.d/tape slice detail=
	work=$work/$i.d net=$net.$i pids=() jobs_run=()
	trap cleanup EXIT
	mkdir -p "$work"
	eval "$(lossy_net up)"
	PORT=$((12000 + NET_NUMBER * 10))
	case $view in
	-) slice=(--addr 127.99.0.0/16) ;;
	*) slice=(--"${view/p/}port" "$PORT,$((PORT + 1))") options+=" ${slice[*]}" ;;
	esac
	record_it
	[ -z "${KEEP:-}" ] || keep_it "$(filled "$5")" "$6" "$(filled "$7")"
	[ -n "${NO_REPORT:-}" ] || judge_it "$(filled "$5")" "$6"
	verdict
}
record_it() {
	local until
	ulimit -n 5000
	pin=(taskset -c $((i % $(nproc))))
	small_windows
	case $name in
	backlog* | synack* | resets_sent | loss_client | healthy_churn) ;;
	*) server_in b sink "$PORT" ;;
	esac
	[ "$(type -t "before_$name")" != function ] || "before_$name"
	# shellcheck disable=SC2086 # options are several words
	record_start "$tape" $options
	# Some scenarios last to the end; the others end earlier, as soon as their traffic is done.
	case $name in
	unreachable* | backlog* | synack_lost | stalled* | window_* | local_* | healthy_hogged) until=$((SECONDS + 8)) ;;
	*) until=$((SECONDS + 100)) ;;
	esac
	"$name"
	wait_until $until
	record_stop || bad "record exits with $?"
	end_all
	cat "$tape.err"
	for counter in OutSegs RetransSegs TCPTimeouts TCPLossProbes TCPDSACKRecv; do
		echo "the kernel's $counter: $(mib a $counter) here, $(mib b $counter) at the peers"
	done
}
keep_it() {
	cp "$tape" "$KEEP/$name.tape"
	echo "$name.tape: $3$detail [record $options]" >"$KEEP/.$name"
	printf '%s\n' "$1" "$2" "${slice[*]}" >"$KEEP/$name.want"
}
judge_it() {
	"$TCPTAPE" report --json "${slice[@]}" "$tape" >"$work/report" 2>"$work/report.err" ||
		bad "report exits with $?: $(cat "$work/report.err")"
	"$SOURCE/tests/live/incidents.py" "$work/report" "$1" "$2" || bad "$name"
}
# rejudge NAME: checks the report of a tape that was kept
rejudge() {
	local name=$1 tape=$JUDGE/$1.tape lines slice
	readarray -t lines <"$JUDGE/$name.want"
	read -ra slice <<<"${lines[2]}"
	echo "-- $name"
	judge_it "${lines[0]}" "${lines[1]}"
}

chosen() {
	local name
	[ $# != 0 ] || set -- ""
	for name; do table | grep "^$name|" || table | grep "^$name"; done
}
readarray -t rows < <(chosen "$@")
[ ${#rows[@]} != 0 ] || { echo "no scenario $*"; exit 2; }
[ -z "${KEEP:-}" ] || mkdir -p "$KEEP"

if [ -n "${JUDGE:-}" ]; then
	for row in "${rows[@]}"; do [ ! -e "$JUDGE/${row%%|*}.want" ] || rejudge "${row%%|*}"; done
	verdict
fi
net_up
lossy_net down
spin
i=0
played=()
# begin ROW: runs a scenario in the background, as number i; the file NUMBER.ok says that it passed
begin() {
	local name view options want may story
	IFS='|' read -r name view options want may story <<<"$1"
	i=$((i + 1))
	played[i]=$1
	(
		play "$i" "$name" "$view" "$options" "$want" "$may" "$story"
	) >"$work/$i.$name.log" 2>&1 && echo >"$work/$i.ok" &
}
for ((round = 0; round < times; round++)); do
	for row in "${rows[@]}"; do
		name=${row%%|*}
		# Scenarios with as many events as possible run alone.
		case $name in
		healthy_churn | healthy_mill) wait ;;
		*) while [ "$(jobs -rp | wc -l)" -ge "$n_jobs" ]; do wait -n; done ;;
		esac
		begin "$row"
		case $name in healthy_churn | healthy_mill) wait ;; esac
	done
done
wait
for ((n = 1, last = i; n <= last; n++)); do
	name=$(basename "$work/$n".*.log .log)
	echo "-- $name"
	cat "$work/$name.log"
	[ ! -e "$work/$n.ok" ] || continue
	if [ -z "$again" ]; then
		bad "$name"
	else
		begin "${played[n]}"
		wait
		name=$(basename "$work/$i".*.log .log)
		echo "-- $name, once more and alone"
		cat "$work/$name.log"
		[ -e "$work/$i.ok" ] || bad "$name"
	fi
done
if [ -n "${KEEP:-}" ]; then cat "$KEEP"/.[a-z]* >"$KEEP/README"; fi
verdict
