#!/bin/sh
# SPDX-License-Identifier: MIT
# test-man.sh TCPTAPE: the man page names every command and every option that the program has.
set -u
tcptape=$1
man=src/cli/tcptape.1.scd
failed=0

commands=$("$tcptape" help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p')
for command in $commands; do
	grep -q "tcptape $command" $man || {
		echo "no command $command in $man"
		failed=1
	}
	[ "$command" = help ] && continue
	for option in $("$tcptape" help "$command" | grep -o -e '^  *-[^ ]*, --[a-z-]*' -e '^ *--[a-z-]*' |
		grep -o -e '--[a-z-]*'); do
		grep -q -e "\*$option" $man || {
			echo "no $option of $command in $man"
			failed=1
		}
	done
done
exit $failed
