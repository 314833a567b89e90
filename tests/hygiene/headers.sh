#!/bin/bash
# SPDX-License-Identifier: MIT
# Every header compiles alone, and is included once.
. tests/hygiene/lib.sh || exit 1

for h in src/*/*.h include/*/*.h; do
	grep -q '^#pragma once' "$h" || bad "$h: no #pragma once"
	printf '#include "%s"\n' "$(cut -d/ -f2- <<<"$h")" |
		"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror \
			-fsyntax-only -Isrc -Iinclude -x c - || bad "$h: does not compile alone"
done
# The public ones need nothing of ours.
grep -nE '#include "' include/*/*.h && bad "a public header includes a private one"
verdict
