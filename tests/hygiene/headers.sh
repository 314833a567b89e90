#!/bin/bash
# SPDX-License-Identifier: MIT
# Every header compiles alone, and is included once.
. tests/hygiene/lib.sh || exit 1

for h in src/*/*.h; do
	grep -q '^#pragma once' "$h" || bad "$h: no #pragma once"
	printf '#include "%s"\n' "${h#src/}" |
		"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror \
			-fsyntax-only -Isrc -x c - || bad "$h: does not compile alone"
done
verdict
