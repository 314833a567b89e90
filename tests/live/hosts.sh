#!/bin/bash
# SPDX-License-Identifier: MIT
# hosts.sh SCENARIO: hosts with very many sockets or network namespaces, with few rights, or without
# tracefs: a recording goes on, and says what is missing and why.
# shellcheck disable=SC2317 # the scenarios are called by their names
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1

whole() { "$TCPTAPE" check "$1" >"$work/check" 2>&1; is "check exits with" $? 0; }
# says FILE WORDS...: checks that a file has the words in one line
says() { grep -q "$2" "$1" || bad "$1 does not say \"$2\": $(cat "$1")"; }
# listed: prints how many sockets the tables of the tape have
listed() { "$TCPTAPE" info --json "$1" 2>/dev/null | tr -d ' \n' | sed -E 's/.*"listed":([0-9]+).*/\1/'; }
# descriptors: prints how many descriptors the recorder has open
descriptors() { find "/proc/$recorder/fd" -mindepth 1 | wc -l; }

# Rows about 40,000 sockets are more than one batch holds; busy CPUs keep the writer from its work.
sockets() {
	cat >"$work/many.py" <<-'EOP'
	import ctypes, os, signal, socket, sys
	os.system("ip link set lo up; echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range")
	kept = []
	for n in range(10):
	    if n < 9 and os.fork():
	        continue
	    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # ends with its parent
	    l = socket.create_server(("127.0.0.1", 9000 + n), backlog=4096)
	    for i in range(2000):
	        s = socket.socket()
	        s.bind(("127.1.0.%d" % (n + 1), 0))
	        s.connect(("127.0.0.1", 9000 + n))
	        kept += [s, l.accept()[0]]
	    open(sys.argv[1], "a").write("ready\n")
	    signal.pause()
	EOP
	: >"$work/ready"
	unshare -n python3 "$work/many.py" "$work/ready" &
	pids+=($!)
	for _ in {1..900}; do [ "$(wc -l <"$work/ready")" -lt 10 ] || break; sleep 0.1; done
	[ "$(wc -l <"$work/ready")" = 10 ] || { bad "the sockets are not there"; verdict; }
	spin
	spin
	for _ in 1 2; do
		timeout 300 "$TCPTAPE" record -d 1 -o "$work/many" </dev/null >"$work/out" 2>"$work/err"
		is "exits with" $? 0
		whole "$work/many"
		! grep -q dropped "$work/err" || bad "stderr says: $(cat "$work/err")"
		at_least "sockets in the tables" "$(listed "$work/many")" 40000
	done
	# A second signal gives up the table at the end; the tape has its end all the same.
	record_start "$work/urged"
	kill -INT "$recorder"
	for _ in {1..100}; do
		sleep 0.01
		kill -INT "$recorder" 2>/dev/null || break
	done
	wait "$recorder"
	is "after signals exits with" $? 0
	whole "$work/urged"
}

# spaces N ALL: starts N processes, each in a network namespace of its own, and waits until the host has
# ALL namespaces
spaces() {
	cat >"$work/spaces.py" <<-'EOP'
	import ctypes, os, signal, sys
	libc = ctypes.CDLL(None)
	for i in range(int(sys.argv[1])):
	    if os.fork() == 0:
	        libc.prctl(1, signal.SIGKILL)  # ends with its parent
	        if libc.unshare(0x40000000):
	            os.abort()
	        signal.pause()
	print("started", flush=True)
	signal.pause()
	EOP
	python3 "$work/spaces.py" "$1" >"$work/started" &
	pids+=($!)
	for _ in {1..600}; do
		[ "$(readlink /proc/*/ns/net 2>/dev/null | sort -u | wc -l)" -lt "$2" ] || return 0
		sleep 0.1
	done
	bad "the namespaces are not there"
	verdict
}

# More namespaces than the soft limit has room for; half of them come later.
namespaces() {
	local n=400 before
	spaces $((n / 2)) $((n / 2))
	ulimit -Sn 300
	record_start "$work/spaces" -d 600
	before=$(descriptors)
	# One for the messages about sockets that are destroyed, one for samples, and where the kernel
	# has MPTCP one for its subflows, in each of the half that is there.
	at_least "descriptors, two for each namespace" "$before" "$n"
	[ "$before" -le $((n * 3 / 2 + 200)) ] || bad "$before descriptors are open"
	spaces $((n / 2)) "$n"
	record_stop
	is "exits with" $? 0
	whole "$work/spaces"
	! grep -q namespace "$work/spaces.err" || bad "stderr says: $(cat "$work/spaces.err")"
	# Where the limit cannot be raised, the reason is the limit. (setpriv drops the capability.)
	(
		ulimit -n 250
		exec setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource \
			timeout 60 "$TCPTAPE" record -d 1 -p life -o "$work/few"
	) </dev/null >"$work/out" 2>"$work/err"
	is "with few files exits with" $? 0
	whole "$work/few"
	says "$work/err" "limit of open files"
	! grep -q CAP_SYS_ADMIN "$work/err" || bad "stderr blames rights: $(cat "$work/err")"
}

# doctor and record agree on what a process without CAP_SYS_RESOURCE can do, whatever its uid is.
limits() {
	local less=(setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource bash -c)
	"${less[@]}" "ulimit -n 30; exec \"\$0\" doctor" "$TCPTAPE" >"$work/doctor" 2>&1
	is "doctor exits with" $? 1
	says "$work/doctor" "^stops  *open files"
	"${less[@]}" "ulimit -n 30; exec \"\$0\" record -d 1 -o \"\$1\"" "$TCPTAPE" "$work/none" 2>"$work/err"
	is "record exits with" $? 1
	says "$work/err" "too many open files"
	# CAP_SYS_RESOURCE, which root of a container may lack.
	(( 0x$(awk '$1 == "CapEff:" { print $2 }' /proc/self/status) >> 24 & 1 )) || return 0
	bash -c "ulimit -n 30; exec \"\$0\" doctor" "$TCPTAPE" >"$work/doctor" 2>&1
	is "with it doctor exits with" $? 0
	bash -c "ulimit -n 30; exec \"\$0\" record -d 1 -o \"\$1\"" "$TCPTAPE" "$work/raised" 2>"$work/err"
	is "with it record exits with" $? 0
	whole "$work/raised"
}

# Without a mounted tracefs: it is mounted, said once, and found the next time.
unmounted() {
	# shellcheck disable=SC2016 # the inner shell expands
	unshare -m bash -c 'umount -l /sys/kernel/tracing; umount -l /sys/kernel/debug; cd "$0"
		"$1" record -d 0.1 -o one 2>err1; echo $? >status1
		"$1" record -d 0.1 -o two 2>err2; echo $? >status2' "$work" "$TCPTAPE" 2>/dev/null
	is "the first exits with" "$(cat "$work/status1")" 0
	is "the second exits with" "$(cat "$work/status2")" 0
	says "$work/err1" "tracefs was not mounted"
	! grep -q tracefs "$work/err2" || bad "stderr says: $(cat "$work/err2")"
}

# nstat_of FILE: the counters of TCP in the namespace that the file holds
nstat_of() { nsenter --net="$1" nstat -asz 2>/dev/null | awk '/^Tcp/ && $1 != "TcpExtTW" { print $1, $2 }' | sort; }
# tape_of TAPE INODE KEY: the same from the tape: the "first" or the "last" value of each
tape_of() {
	"$TCPTAPE" host --all --netns "$2" --json "$1" 2>>"$work/notes" |
		sed -nE "s/.*\"counter\":\"(Tcp[^\"]*)\".*\"$3\":(-?[0-9]+).*/\1 \2/p" | tr -d . | sort
}

# Namespaces that no process is in, as a file of \`ip netns\` and one of Docker hold them: their counters
# are read, and agree with nstat, and their settings.
empty() {
	local ip=/run/netns/$net.e docker=/run/docker/netns/$net.e which file inode
	command -v nstat >/dev/null || skip "no nstat"
	spin
	mkdir -p /run/netns /run/docker/netns
	ip netns add "$net.e"
	touch "$docker"
	# shellcheck disable=SC2016 # the inner shell expands
	unshare -n sh -c 'mount --bind /proc/self/ns/net "$0"' "$docker"
	for file in "$ip" "$docker"; do
		nsenter --net="$file" ip link set lo up
		nsenter --net="$file" sh -c 'echo 20000 20999 >/proc/sys/net/ipv4/ip_local_port_range'
		nsenter --net="$file" "$TRAFFIC" churn 7700 1 1 >/dev/null
		nstat_of "$file" >"$work/before.$(dirname "$file" | tr / .)"
	done
	record_start "$work/empty" -d 600
	for file in "$ip" "$docker"; do
		nsenter --net="$file" "$TRAFFIC" churn 7700 1 1 >/dev/null
		nstat_of "$file" >"$work/after.$(dirname "$file" | tr / .)"
	done
	record_stop
	is "exits with" $? 0
	for file in "$ip" "$docker"; do
		inode=$(stat -L -c %i "$file")
		for which in before after; do
			tape_of "$work/empty" "$inode" "$([ $which = before ] && echo first || echo last)" \
				>"$work/tape"
			join "$work/$which.$(dirname "$file" | tr / .)" "$work/tape" >"$work/both"
			at_least "counters $which of $file" "$(wc -l <"$work/both")" 60
			is "counters that differ from nstat" "$(awk '$2 != $3' "$work/both")" ""
		done
		at_least "connections opened" "$(awk '$1 == "TcpActiveOpens" { print $2 }' "$work/tape")" 2
		is "its range of ports" "$("$TCPTAPE" info --json "$work/empty" | grep -oE '\{[^{}]*\}' |
			grep "\"netns\":$inode[,}]" | grep -cE 'ip_local_port_range.*20000 20999')" 1
	done
	"$TCPTAPE" report --fail-if 'unaccounted>0' "$work/empty" >"$work/report" 2>"$work/fail"
	is "report --fail-if unaccounted>0" "$? $(grep -c unaccounted "$work/fail")" "0 0"
	umount "$docker"
	rm -f "$docker"
	ip netns del "$net.e"
}

# Two programs that never sleep on each CPU, and a recorder that may run before them.
realtime() {
	local spinners=() policy
	for _ in 1 2; do spin; spinners+=("$spinner"); done
	record_start "$work/realtime" --realtime 10 -d 600
	policy=$(chrt -p "$recorder" | head -n 1)
	[[ $policy == *SCHED_FIFO* ]] || bad "the recorder has $policy"
	at_least "its other thread has a nice value below 0: threads" \
		"$(ps -L -o ni= -p "$recorder" | grep -c -- -10)" 1
	"$TRAFFIC" churn 7700 3 2 >/dev/null
	record_stop
	is "exits with" $? 0
	whole "$work/realtime"
	balanced "$work/realtime"
	kill -9 "${spinners[@]}"
	refuse=(setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice)
	"${refuse[@]}" "$TCPTAPE" record --realtime 10 -d 1 -o "$work/x" 2>"$work/err"
	is "without CAP_SYS_NICE exits with" $? 1
	is "lines on stderr" "$(wc -l <"$work/err")" 1
	says "$work/err" CAP_SYS_NICE
	[ ! -e "$work/x" ] || bad "it has begun a tape"
	"${refuse[@]}" "$TCPTAPE" record -d 1 -o "$work/x" 2>"$work/err"
	is "without the option exits with" $? 0
}

"${1:?a scenario}"
verdict
