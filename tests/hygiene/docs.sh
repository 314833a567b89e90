#!/bin/bash
# SPDX-License-Identifier: MIT
# docs.sh TCPTAPE: the documents name what the code has: every section kind, command and option.
. tests/hygiene/lib.sh || exit 1
tcptape=$1

for kind in $(grep -oE 'TAPE_KIND_[A-Z]+' src/format/layout.h | sort -u); do
	grep -qw "${kind#TAPE_KIND_}" src/format/FORMAT.md || bad "FORMAT.md: ${kind#TAPE_KIND_} is missing"
done
for key in $(grep -ohE 'host_put(_number)?\(&hw, "[a-z_]+"' src/record/*.c | grep -oE '[a-z_]+"$' | tr -d '"'); do
	grep -q "^|.*\`$key\`.*|.*|" src/format/FORMAT.md || bad "FORMAT.md: HOST: $key is missing"
done
for room in src/*/; do
	grep -q "^ *$(basename "$room")/ " README.md || bad "README.md: src/$(basename "$room") is missing"
done

help=$("$tcptape" --help) || bad "tcptape --help fails"
mapfile -t commands < <(awk '/^ +[a-z]+ / && $1 != "help" { print $1 }' <<<"$help" | sort -u)
[ "${#commands[@]}" -ge 7 ] || bad "tcptape --help shows fewer than 7 commands"
for c in "${commands[@]}"; do
	"$tcptape" "$c" --help >/dev/null 2>&1 || continue
	grep -qw "tcptape $c" README.md || bad "README.md: 'tcptape $c' is missing"
	page=$(find src/cli -name "*$c*.scd" -o -name "*$c*.1" | head -n 1)
	[ -n "$page" ] || continue
	for o in $("$tcptape" "$c" --help | grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
		sed 's/\\-/-/g' "$page" | grep -q -- "$o" || bad "$page: $o of $c is missing"
	done
done
verdict
