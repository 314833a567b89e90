#!/bin/sh
# SPDX-License-Identifier: MIT
# test-streams.sh TCPTAPE MAKE_TAPE: info and check say the same of a tape in a file, on standard input
# and in a pipe, also of one that is damaged, and what the kernel counted is compared in each case.
set -u
tcptape=$(realpath "$1") make_tape=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail() {
	echo "FAIL: $*"
	failed=1
}

# said COMMAND...: the output and the status, with the tape's name in place of that of a stream.
said() {
	TZ=UTC "$@" 2>&1
	echo "status $?"
}

for scenario in conns host incident samples; do
	"$make_tape" "tests/fixtures/tapes/$scenario.scn" > "$tmp/$scenario.tape" || exit 1
done
cd "$tmp" || exit 1
size=$(wc -c < host.tape)
head -c $((size - 300)) host.tape > cut.tape
cp host.tape bad.tape
printf 'XXXX' | dd of=bad.tape bs=1 seek=$((size / 2)) conv=notrunc 2> /dev/null

for tape in *.tape; do
	for command in info "info --json" check; do
		# shellcheck disable=SC2086
		said "$tcptape" $command "$tape" > file
		# shellcheck disable=SC2086
		said "$tcptape" $command - < "$tape" | sed "s,standard input,$tape,g; s,: -: ,: $tape: ," > input
		# shellcheck disable=SC2002,SC2086
		cat "$tape" | said "$tcptape" $command - | sed "s,standard input,$tape,g; s,: -: ,: $tape: ," > pipe
		cmp file input || fail "$command $tape: not the same from standard input"
		diff file pipe || fail "$command $tape: not the same from a pipe"
	done
done
# shellcheck disable=SC2002
cat host.tape | "$tcptape" info --json - | grep -q '"audit"' || fail "host.tape is not compared"

exit $failed
