#!/bin/bash
# SPDX-License-Identifier: MIT
# test-completion.sh TCPTAPE BASH ZSH: the script for bash offers what the program knows; the one for zsh is
# well-formed, where zsh is there.
set -u
tcptape=$(realpath "$1") zsh_script=$(realpath "$3")
failed=0
fail() {
	echo "FAIL: $*"
	failed=1
}

# shellcheck disable=SC1090,SC1091
. "$2" || exit 1
# offered WORD...: what is offered for the last of the words.
offered() {
	COMP_WORDS=(tcptape "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_tcptape
	echo "${COMPREPLY[*]}"
}
# expect WANTED WORD...
expect() {
	local want=$1 got
	shift
	got=$(offered "$@")
	[ "$got" = "$want" ] || fail "$*: \"$got\", not \"$want\""
}

mapfile -t commands < <("$tcptape" help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p')
expect "${commands[*]} --help --version" ""
for command in "${commands[@]}"; do
	# One may be the beginning of another: conn, connects.
	[[ " $(offered "$command") " == *" $command "* ]] || fail "$command is not offered"
	case $command in help | live) continue ;; esac
	for option in $("$tcptape" "$command" --help | grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' |
		grep -oE -e '--[a-z0-9-]+'); do
		[[ " $(offered "$command" "$option") " == *" $option "* ]] || fail "$command: no $option"
	done
done
for option in $("$tcptape" live top --help | grep -oE -e '--[a-z0-9-]+ ' | sort -u); do
	[[ " $(offered live top "$option") " == *" $option "* ]] || fail "live top: no $option"
done

expect "retrans" "ret"
expect "retrans" "live" "ret"
expect "retrans" "help" "ret"
expect "text json csv" retrans --format ""
expect "text json csv" retrans --format =
expect "json" retrans --format = js
expect "text json markdown html" report --format ""
expect "loss life bytes all" record -p ""
expect "always" live retrans --color al
expect "" retrans --since ""
expect "--lossprobe" retrans incident.tape --lossp
# A letter of both belongs to the view: top -r takes a number.
expect "" live top -r ""

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
touch "$tmp/one.tape" "$tmp/two.tape"
cd "$tmp" || exit 1
expect "one.tape two.tape" retrans ""
expect "two.tape" diff one.tape tw
expect "one.tape" report --html on
expect "one.tape" record -o on
[[ " $(offered record -- ech) " == *" echo "* ]] || fail "record --: no echo"

if command -v zsh >/dev/null; then
	zsh -n "$zsh_script" || fail "zsh: a syntax error"
fi
exit $failed
