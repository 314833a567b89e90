#!/bin/bash
# SPDX-License-Identifier: MIT
# globals.sh LIBRARY...: no object of a room has anything writable: no symbol in .data or .bss, of
# thread-local data neither. (.data.rel.ro holds constant tables of pointers.) The sanitizers add
# data of their own, so each source is compiled again here without them.
. tests/hygiene/lib.sh || exit 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for c in src/*/*.c; do
	o=$work/$(tr / - <<<"$c").o
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -DTCPTAPE_VERSION='""' -O1 -fPIE -Isrc -Iinclude $CFLAGS_DEPS -c "$c" -o "$o" ||
		{ bad "$c: does not compile"; continue; }
	found=$(objdump -t "$o" | awk '$0 ~ /[ \t]O[ \t]/ || $3 == "O" {
		for (i = 1; i <= NF; i++)
			if ($i ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && $i !~ /^\.data\.rel\.ro/)
				print $i, $NF }')
	[ -z "$found" ] || bad "$c: writable: $found"
done
verdict
