#!/bin/bash
# SPDX-License-Identifier: MIT
# test-man.sh TCPTAPE MAKE_TAPE PAGE: the manual pages in the directory of PAGE: each command has one, each
# option stands in it, the pages format without a warning, and what they show as examples works.
set -u
tcptape=$(realpath "$1") make_tape=$(realpath "$2") pages=$(dirname "$(realpath "$3")")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
fail() {
	echo "FAIL: $*"
	failed=1
}

# Words as they stand in a page: scdoc's backslashes are no part of them.
words() { sed 's/\\\(.\)/\1/g' "$1"; }

mapfile -t commands < <("$tcptape" help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p' | grep -vx help)
[ "${#commands[@]}" -ge 15 ] || fail "only ${#commands[@]} commands"
for command in "${commands[@]}"; do
	page=$pages/tcptape-$command.1.scd
	[ -s "$page" ] || { fail "$command has no page"; continue; }
	words "$pages/tcptape.1.scd" | grep -q "tcptape-$command\*(1)" || fail "tcptape(1) does not name $command"
	for section in NAME SYNOPSIS DESCRIPTION OPTIONS "EXIT STATUS" EXAMPLES "SEE ALSO"; do
		grep -qx "# $section" "$page" || fail "$command: no section $section"
	done
	"$tcptape" "$command" --help | grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' |
		grep -oE -e '--?[a-zA-Z0-9-]+' | sort >"$tmp/options"
	words "$page" | sed -n '/^# OPTIONS$/,/^# [^O]/p' | grep -oE '^(\*-.\*, )?\*--?[a-zA-Z0-9-]+\*' | tr -d '*, ' | sed 's/^\(-.\)--/\1\n--/' |
		sort >"$tmp/options-of-page"
	diff "$tmp/options" "$tmp/options-of-page" || fail "$command: the options of help and page differ"
done
for profile in $("$tcptape" record -p xyzzy 2>&1 | sed -n 's/.*there are \([a-z, ]*\).*/\1/p' | tr -d ,); do
	words "$pages/tcptape-record.1.scd" | grep -qw "$profile:\|$profile (default):" || fail "record: no profile $profile"
done
for number in 0 1 2 3 4; do
	grep -qx "\*$number\*" "$pages/tcptape.1.scd" || fail "tcptape(1): no exit status $number"
done
for format in text json csv markdown html; do
	grep -qx "\*$format\*" "$pages/tcptape.1.scd" || fail "tcptape(1): no format $format"
done
grep -q '^	/.*/doc/tcptape$' "$pages/tcptape.5.scd" || fail "tcptape(5) does not say where FORMAT.md is"
! grep -n '^@' "$pages"/*.scd || fail "a line that begins with @ is left over"

# Where scdoc was there: the pages themselves.
if command -v man >/dev/null; then
	for page in "$pages"/*.[15]; do
		[ -e "$page" ] || continue
		MANWIDTH=80 LC_ALL=C.UTF-8 man -l --warnings "$page" 2>&1 >/dev/null | grep . && fail "$page: warnings"
	done
fi

# Examples are the indented lines of a page. What reads tapes is run; of what records, the options are
# checked: --help ends a command that has understood what stands before it.
for name in incident before after; do
	"$make_tape" tests/fixtures/tapes/incident.scn >"$tmp/$name.tape" || exit 1
done
cd "$tmp" || exit 1
n_examples=0
mkdir bin && ln -s "$tcptape" bin/tcptape
PATH=$tmp/bin:$PATH
run() {
	n_examples=$((n_examples + 1))
	case $1 in
	*"tcptape record"* | *"tcptape live"* | *"tcptape list"* | *"tcptape doctor"*)
		[[ $1 == *" -- "* ]] || set -- "$1 --"
		set -- "${1/ -- / --help -- }"
		set -- "${1/% --/ --help}"
		{ bash -c "$1" >out 2>err && grep -q '^usage: ' out; } || fail "$1: $(cat err)"
		;;
	*)
		bash -c "$1" >out 2>err </dev/null
		case $? in 0 | 4) ;; *) fail "$1: $(cat err)" ;; esac
		;;
	esac
}
for page in "$pages"/*.1.scd; do
	while read -r line; do
		case $line in
		"ssh host "*) # Both ends of a pipe.
			line=${line#ssh host }
			run "${line%% | *}"
			run "${line#* | } <incident.tape"
			;;
		tcptape*) run "$line" ;;
		*) fail "$page: no command: $line" ;;
		esac
	done < <(words "$page" | awk '/^# /{ on = /EXAMPLES/ } on && (/^\t/ || more) { print } { more = on && /\+\+$/ }' |
		sed 's/++$//')
	words "$page" | grep -q '^# EXAMPLES' || fail "$page: no examples"
done
[ "$n_examples" -ge 40 ] || fail "only $n_examples examples"
exit $failed
