#!/bin/sh
# SPDX-License-Identifier: MIT
# test-report.sh TCPTAPE MAKE_TAPE: statuses, conditions, sinks and odd names of `report`. Needs no
# root.
set -u
tcptape=$(realpath "$1") make_tape=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail() {
	echo "FAIL: $*"
	failed=1
}

# expect STATUS WORDS ARGUMENTS...: of `tcptape report`: the status, WORDS somewhere in the output;
# what goes to stderr is at most one line.
expect() {
	want=$1 words=$2
	shift 2
	TZ=UTC "$tcptape" report "$@" > "$tmp/out" 2> "$tmp/err" < "${stdin:-/dev/null}"
	got=$?
	[ $got = "$want" ] || fail "$*: status $got, not $want: $(cat "$tmp/err")"
	grep -q -F -e "$words" "$tmp/out" "$tmp/err" || fail "$*: no \"$words\" in: $(cat "$tmp/err")"
	[ "$(wc -l < "$tmp/err")" -le 1 ] || fail "$*: more than a line: $(cat "$tmp/err")"
	! grep -q "Sanitizer\|runtime error" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}

for scenario in conns loss; do
	"$make_tape" "tests/fixtures/tapes/$scenario.scn" > "$tmp/$scenario.tape" || exit 1
done
cd "$tmp" || exit 1
size=$(wc -c < conns.tape)
head -c $((size - 300)) conns.tape > cut.tape
cp conns.tape bad.tape
printf 'XXXX' | dd of=bad.tape bs=1 seek=$((size / 2)) conv=notrunc 2> /dev/null
: > empty.tape

# Conditions.
expect 4 "connections>3: connections is" --fail-if 'connections>3' conns.tape
[ -s out ] || fail "a condition that is met: no report"
expect 0 "TCP report" --fail-if 'connections>3000' conns.tape
expect 4 "resets>=4" --fail-if 'connections>3000' --fail-if 'resets>=4' conns.tape
expect 0 "TCP report" --fail-if 'resets>4' conns.tape
expect 4 "retrans_rate<1%: retrans_rate is 0 %" --fail-if 'retrans_rate<1%' conns.tape
expect 1 "does not tell retrans_rate" --fail-if 'retrans_rate>1%' loss.tape
expect 1 "does not tell resets" --fail-if 'resets>1' loss.tape
expect 4 "lost>0: lost is" --fail-if 'resets>1' --fail-if 'lost>0' loss.tape
expect 2 "did you mean retrans_rate?" --fail-if 'retrans_rat>1' conns.tape
expect 2 "one of > >= < <= is missing" --fail-if retrans conns.tape
expect 2 "a number is missing" --fail-if 'retrans>lots' conns.tape
expect 2 "retrans_rate is in %" --fail-if 'retrans_rate>1ms' conns.tape
expect 2 "a metric is missing" --fail-if '>1' conns.tape
expect 2 "--fail-if needs CONDITION" --fail-if
expect 2 "exclude each other" --json --md conns.tape
expect 2 "TAPE is missing"
expect 2 "one argument too many" conns.tape loss.tape
expect 2 "did you mean --rules?" --ruels conns.tape

# The help lists every metric, with its unit.
"$tcptape" report --help | sed '1,/^Metrics for --fail-if:$/d' > listed
grep -q "^  retrans_rate  *%  *data that" listed || fail "--help: $(cat listed)"
"$tcptape" report --json conns.tape | python3 -c '
import json, sys
print("\n".join(json.load(sys.stdin)["metrics"]))' > known
[ -s known ] || fail "--json: no metrics"
while read -r metric _; do
	"$tcptape" report --fail-if "$metric>1" conns.tape > out 2> err
	[ $? != 2 ] || fail "--help lists $metric: $(cat err)"
done < listed
while read -r metric; do
	grep -q "^  $metric " listed || fail "--help: no $metric"
done < known

# Damage: what is whole is reported; a condition that is met says more.
expect 3 "cut.tape" cut.tape
expect 3 "bad.tape" bad.tape
grep -q "^damage" out || fail "a damaged tape: the page does not say so"
expect 3 "bad.tape" --fail-if 'connections>3000' bad.tape
expect 4 "connections>1: connections is" --fail-if 'connections>1' bad.tape
expect 3 "damage" --json cut.tape
python3 -c 'import json, sys; assert json.load(open("out"))["damage"]' || fail "cut.tape --json"
expect 1 "empty" empty.tape
expect 1 "none.tape" none.tape
expect 1 "directory" .
printf 'not a tape at all' > text
expect 1 "not a tape" text

# From standard input, the same but for the name.
expect 0 "" conns.tape
sed 's/conns.tape$/TAPE/' out > want
grep -q "recorded with .*TAPE" want && sed -i '/recorded with/s/TAPE/conns.tape/' want
stdin=conns.tape expect 0 "" -
diff want out || fail "standard input: not what the file gives"
stdin=cut.tape expect 3 "standard input" -
stdin=empty.tape expect 1 "empty" -

# Sinks.
for how in "" --md --json; do
	# shellcheck disable=SC2086
	"$tcptape" report $how conns.tape > /dev/full 2> err
	[ $? = 1 ] || fail "report $how > /dev/full: not status 1"
	grep -q "No space left" err || fail "report $how > /dev/full: $(cat err)"
	# shellcheck disable=SC2086
	TZ=UTC "$tcptape" report $how conns.tape > once && TZ=UTC "$tcptape" report $how conns.tape > twice
	cmp once twice || fail "report $how: not the same twice"
	rm -f status
	(trap '' PIPE; "$tcptape" report $how conns.tape 2> err; echo $? > status) | true
	until [ -s status ]; do sleep 0.01; done
	if [ "$(cat status)" != 0 ] || [ -s err ]; then fail "report $how | true: $(cat status err)"; fi
done
# Short options, and the format that each stands for.
for how in md=markdown json=json; do
	"$tcptape" report "--${how%=*}" conns.tape > short && "$tcptape" report --format "${how#*=}" conns.tape > long
	cmp short long || fail "--$how: not the same"
done
if "$tcptape" report --html page.html conns.tape 2> err; then
	grep -q "wrote page.html" err || fail "--html: $(cat err)"
	[ "$(head -c 15 page.html)" = "<!DOCTYPE html>" ] || fail "--html: $(head -c 40 page.html)"
	expect 1 "No space left" --html /dev/full conns.tape
	expect 1 "no/such/place.html" --html no/such/place.html conns.tape
	expect 1 "directory" --html . conns.tape
	expect 1 'no/%s%s%n/page.html' --html 'no/%s%s%n/page.html' conns.tape
	cp conns.tape same.tape
	expect 2 "is the tape" --html ./same.tape same.tape
	cmp conns.tape same.tape || fail "--html over its own tape: it is gone"
	echo others > others.html
	ln -s others.html link.html
	expect 1 "link.html: is a symbolic link" --html link.html conns.tape
	[ "$(cat others.html)" = others ] || fail "--html: what a link leads to was written over"
	expect 0 "wrote others.html" --html others.html conns.tape
	[ "$(stat -c %a others.html)" = "$(stat -c %a page.html)" ] || fail "--html: another mode"
	"$tcptape" report --html /dev/stdout conns.tape > shown.html 2> err || fail "$(cat err)"
	cmp page.html shown.html || fail "--html /dev/stdout is not the page"
	[ -z "$(find . -name '.tcptape-*')" ] || fail "--html leaves files behind"
	ln -s /dev/full '%s%s%n'
	expect 1 '%s%s%n: No space left' --html '%s%s%n' conns.tape
	expect 0 '"verdict"' --html page.html --json conns.tape
	"$tcptape" report --html - conns.tape > short && "$tcptape" report --format html conns.tape > long
	cmp short long || fail "--format html: not what --html - gives"
	expect 2 "exclude each other" --html - --format text conns.tape
	"$tcptape" report --html /dev/null --fail-if 'connections>3' conns.tape 2> err
	[ $? = 4 ] || fail "--html and --fail-if: not status 4: $(cat err)"
else
	grep -q "built without it" err || fail "--html: $(cat err)"
fi

# The command in a finding is for a shell to run: whatever the tape is called.
# shellcheck disable=SC2016 # names, not expansions
for name in "a tape" "it's" '$(touch owned)' 'a;touch owned' '`touch owned`' '-x' "a\"b" 'a*' '~'; do
	cp conns.tape "./$name"
	expect 0 '$ tcptape' -- "$name"
	sed -n 's/^   \$ tcptape //p' out > commands
	[ -s commands ] || fail "$name: no command"
	while read -r command; do
		sh -c "'$tcptape' $command" > shown 2> err || fail "$name: $command: $(cat err)"
		[ -s shown ] || fail "$name: $command shows nothing"
	done < commands
	[ ! -e owned ] || fail "$name: its command runs something else"
done

# What is looked at.
expect 0 "$(printf 'connections      0 ')" --since +100s conns.tape
expect 0 "There is no TCP in what was looked at" --since +100s conns.tape
expect 0 "TCP report" --until +1s conns.tape
! grep -q "SYN-ACK retransmits" out || fail "--until +1s: it shows what came later"
expect 0 "TCP report" --since +1s --until +2s --from-start conns.tape
expect 2 "not a time" --since soon conns.tape
expect 0 "192.0.2.9" --addr 192.0.2.9 conns.tape
! grep -q -F "10.0.0.2" out || fail "--addr: it shows others"
expect 0 "2001:db8::2" -6 conns.tape
! grep -q -F "192.0.2.9" out || fail "-6: it shows IPv4"
expect 0 "curl[700]" --comm curl conns.tape
! grep -q "nginx" out || fail "--comm: it shows others"
expect 0 "" --lport 80 conns.tape
! grep -q ":443" out || fail "--lport: it shows others"
for time in utc rel unix local; do
	expect 0 "TCP report" --time $time conns.tape
done

# At 80 columns, but for commands and IPv6; colors only where wanted.
expect 0 "TCP report" --rules conns.tape
python3 - out << 'END' || fail "lines over 80 columns"
import sys
wide = [l for l in open(sys.argv[1], encoding="utf-8") if len(l) > 81]
sys.exit(any(not l.startswith("   $ ") and "2001:" not in l for l in wide))
END
! grep -q "$(printf '\033')" out || fail "color on a file"
expect 0 "TCP report" --color always conns.tape
grep -q "$(printf '\033')" out || fail "--color always: no color"
exit $failed
