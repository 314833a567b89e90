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
for profile in $("$tcptape" record -p xyzzy 2>&1 | sed -n 's/.*there are \([a-z, ]*\).*/\1/p' | tr -d ,); do
	sed -n '/^\*-p\*/,/^$/p' $man | grep -q -F "*$profile*" || {
		echo "no profile $profile in $man"
		failed=1
	}
done
exit $failed
