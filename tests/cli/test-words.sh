#!/bin/sh
# SPDX-License-Identifier: MIT
# test-words.sh TCPTAPE MAKE_TAPE: help, usage, statuses, unknown words, broken pipes, a full disk.
# Needs no root.
set -u
tcptape=$1 make_tape=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail() {
	echo "FAIL: $*"
	failed=1
}

# expect STATUS WORDS ARGUMENTS...: the status, and WORDS somewhere in the output; what goes to
# stderr is at most one line.
expect() {
	want=$1 words=$2
	shift 2
	"$tcptape" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	got=$?
	[ $got = "$want" ] || fail "$*: status $got, not $want"
	grep -q -F -e "$words" "$tmp/out" "$tmp/err" || fail "$*: no \"$words\" in: $(cat "$tmp/err")"
	[ "$(wc -l < "$tmp/err")" -le 1 ] || fail "$*: more than a line: $(cat "$tmp/err")"
}

"$make_tape" tests/fixtures/tapes/loss.scn > "$tmp/tape" || exit 1
tape=$tmp/tape
size=$(wc -c < "$tape")
head -c $((size - 300)) "$tape" > "$tmp/cut"
cp "$tape" "$tmp/bad"
printf 'XXXX' | dd of="$tmp/bad" bs=1 seek=$((size / 2)) conv=notrunc 2> /dev/null

expect 2 "a command is missing"
expect 0 "usage: tcptape COMMAND" --help
expect 0 "usage: tcptape COMMAND" help
expect 0 "; 4 done" --help
expect 0 "tcptape 0." --version
expect 2 "did you mean retrans?" retrnas
expect 2 "did you mean help?" hlep
expect 2 "tcptape help lists them" xyzzy
for command in record replay retrans info check list doctor; do
	expect 0 "usage: tcptape $command " help "$command"
	expect 0 "usage: tcptape $command " "$command" --help
	expect 0 "this text" "$command" -h
	expect 2 "unknown option --xyzzy" "$command" --xyzzy
	expect 2 "unknown option -%" "$command" -%
done
expect 2 "did you mean retrans?" help retran
expect 2 "did you mean --lossprobe?" retrans --losprobe "$tape"
expect 2 "did you mean json?" retrans --format jsno "$tape"
expect 2 "there are text, json, csv" retrans --format elephant "$tape"
expect 2 "did you mean utc?" retrans --time utz "$tape"
expect 2 "did you mean never?" retrans --color nevr "$tape"
expect 2 "did you mean loss?" record -p los
expect 2 "not system:name" record -e tcp_probe
expect 2 "not a time" record -d soon
expect 2 "not a size" record -b much
expect 2 "--limit needs N" retrans --limit
expect 2 "not a port" retrans --port http "$tape"
expect 2 "not an address" retrans --addr 10.0.0.0/99 "$tape"
expect 2 "exclude each other" retrans -4 -6 "$tape"
expect 2 "not a time" retrans --since yesterday "$tape"
expect 2 "TAPE is missing" retrans
expect 2 "one argument too many" retrans "$tape" "$tape"

expect 1 "$tmp/none" retrans "$tmp/none"
expect 1 "not a tape" retrans tests/fixtures/tapes/loss.scn
expect 1 "directory" info "$tmp"
expect 1 "empty" info /dev/null
for command in replay retrans info check; do
	expect 0 "" $command "$tape"
	expect 3 "$tmp/cut" $command "$tmp/cut"
	expect 3 "$tmp/bad" $command "$tmp/bad"
	"$tcptape" $command "$tape" > /dev/full 2> "$tmp/err"
	[ $? = 1 ] || fail "$command on a full disk: not status 1"
	grep -q "No space left" "$tmp/err" || fail "$command on a full disk: $(cat "$tmp/err")"
	"$tcptape" $command - < "$tape" > "$tmp/piped" || fail "$command -: status $?"
	"$tcptape" $command "$tape" | sed "s,$tmp/tape,standard input," | diff - "$tmp/piped" > /dev/null ||
		fail "$command -: not what the file gives"
done

# A reader that goes away is no failure, neither by signal nor by EPIPE.
for _ in 1 2 3 4 5 6; do cat "$tape"; done > "$tmp/many"
(trap '' PIPE; "$tcptape" replay "$tape" 2> "$tmp/err"; echo $? > "$tmp/status") | true
until [ -s "$tmp/status" ]; do sleep 0.01; done
[ "$(cat "$tmp/status")" = 0 ] || fail "broken pipe: status $(cat "$tmp/status")"
[ ! -s "$tmp/err" ] || fail "broken pipe: $(cat "$tmp/err")"

# Salvage writes what is whole, to new files only.
expect 3 "holds what is whole" check --salvage "$tmp/saved" "$tmp/cut"
expect 0 "whole" check "$tmp/saved"
[ "$(stat -c %a "$tmp/saved")" = 600 ] || fail "salvage: mode $(stat -c %a "$tmp/saved")"
expect 1 "there already" check --salvage "$tmp/saved" "$tmp/cut"
expect 1 "there already" check --salvage "$tmp/cut" "$tmp/cut"

# What a tape says cannot move the cursor of a terminal, set its title or begin a line of its own: ESC
# and BEL, DEL, CSI as a byte and in UTF-8.
for evil in '\0033]0;title\0007' '\0177' '\023331m' '\0302\023331m'; do
	evil=$(printf '%b' "$evil")
	LC_ALL=C sed "/^clock/{
		p
		s/.*/absent tcp tcp_bad_csum x$evil/p
		s/.*/format 7 s$evil n$evil f:4/p
		s/.*/format 7 z$evil y$evil f:4/
	}" tests/fixtures/tapes/loss.scn > "$tmp/evil.scn"
	"$make_tape" "$tmp/evil.scn" > "$tmp/evil.tape" || fail "evil.scn: no tape"
	for words in "check" "info" "info --json" "info --format csv" "check --salvage $tmp/x$evil" \
		"replay" "replay --json" "replay --format csv" "report" "report --json" "nonsense$evil" \
		"report --html $tmp/y$evil"; do
		# shellcheck disable=SC2086
		"$tcptape" $words "$tmp/evil.tape" > "$tmp/out" 2> "$tmp/err" < /dev/null
		! LC_ALL=C grep -q '[^ -~]' "$tmp/err" || fail "$words: $(cat -v "$tmp/err")"
		case $words in
		check* | info*)
			! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177-\237]')" "$tmp/out" ||
				fail "$words: $(cat -v "$tmp/out")"
			;;
		esac
	done
	expect 3 "FORMAT: tracepoint 7 was s" check "$tmp/evil.tape"
done

expect 0 "stopped after 1 row (--limit)" retrans --limit 1 "$tape"
expect 0 "stopped after 3 rows (--limit)" retrans -l --limit 3 "$tape"
expect 0 "" retrans --color always "$tape"
grep -q "$(printf '\033')" "$tmp/out" || fail "--color always: no color"
expect 0 "" retrans "$tape"
! grep -q "$(printf '\033')" "$tmp/out" || fail "color on a file"
! awk 'length > 80' "$tmp/out" | grep -v 2001 | grep . || fail "lines over 80 columns"
exit $failed
