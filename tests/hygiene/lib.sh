# SPDX-License-Identifier: MIT
# Sourced by the hygiene tests, which run in the source folder: `bad` reports, `verdict` ends.
set -u
n_bad=0
bad() { echo "$*"; n_bad=$((n_bad + 1)); }
verdict() { [ "$n_bad" = 0 ] || { echo "$n_bad found"; exit 1; }; exit 0; }
# Files of the repository, new ones included; where git does not answer, what is there.
files() {
	if git ls-files . >/dev/null 2>&1; then
		git ls-files -co --exclude-standard -- "$@" | while read -r f; do [ ! -f "$f" ] || echo "$f"; done
	else
		find "$@" -type f -not -path './.git/*' -not -path './build*'
	fi
}
