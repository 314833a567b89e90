#!/bin/bash
# SPDX-License-Identifier: MIT
# clang-format finds nothing to do. Long files and functions are shown; they are not wrong.
. tests/hygiene/lib.sh || exit 1

mapfile -t sources < <(files src tests | grep -E '\.[ch]$')
for f in "${sources[@]}"; do
	head -n 1 "$f" | grep -q 'SPDX-License-Identifier: MIT' || bad "$f: no SPDX line"
	n=$(wc -l <"$f")
	[ "$n" -le 400 ] || echo "note: $f has $n lines"
	awk -v f="$f" '/^[a-zA-Z].*\)$/ { name = $0 } /^\{/ { from = NR }
		/^\}/ { if (from && NR - from > 80) print "note: " f ":" from " is a function of " NR - from " lines"; from = 0 }' "$f"
done
if command -v clang-format >/dev/null; then
	clang-format --dry-run --Werror "${sources[@]}" || bad "clang-format -i has work to do"
else
	echo "clang-format is not installed: layout not checked"
	[ "$n_bad" != 0 ] || exit 77
fi
verdict
