#!/bin/bash
# SPDX-License-Identifier: MIT
# Connections from many control groups, half of which are made during the recording: each is said to be
# in its own, never in that of the parent of its process.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1

grep -q '^perf_event' /proc/cgroups || skip "a kernel without CONFIG_CGROUP_PERF"
[ "$(printf '5.7\n%s\n' "$(uname -r)" | sort -V | head -1)" = 5.7 ] || skip "a kernel before 5.7"
# A mount of our own: where the controller perf_event has a tree of version 1, the kernel tells of that one.
mkdir "$work/cg"
if grep -q ' - cgroup [^ ]* [^ ]*perf_event' /proc/self/mountinfo; then
	mount -t cgroup -o perf_event none "$work/cg" 2>/dev/null || skip "no cgroup file system"
else
	mount -t cgroup2 none "$work/cg" 2>/dev/null || skip "no cgroup file system of version 2"
fi
top=$work/cg/tcptape-$$
# shellcheck disable=SC2317 # the trap calls it
leave() {
	rmdir "$top"/* "$top" 2>/dev/null
	umount "$work/cg"
	cleanup
}
trap leave EXIT
mkdir "$top" 2>/dev/null || skip "no control groups can be made"
for i in {100..124}; do mkdir "$top/docker-0$i$(printf '%060d' 0).scope"; done

spin
net_up
serve 5001
record_start "$work/t" -p life
in_a python3 "$SOURCE/tests/live/containers.py" run "$top" "$IP_B" 5001 "$work/log"
is "the processes connect: status" $? 0
record_stop
is "the recorder exits with" $? 0
"$TCPTAPE" life --json "$work/t" >"$work/life" 2>/dev/null
python3 "$SOURCE/tests/live/containers.py" check "$work/log" "$work/life"
is "every connection is in its own control group: status" $? 0
at_least "connections" "$(wc -l <"$work/log")" 104
verdict
