# SPDX-License-Identifier: MIT
# Sourced by the hygiene tests, which run in the source folder: `bad` reports, `verdict` ends.
set -u
n_bad=0
bad() { echo "$*"; n_bad=$((n_bad + 1)); }
verdict() { [ "$n_bad" = 0 ] || { echo "$n_bad found"; exit 1; }; exit 0; }
# Files of the repository, new ones included; without git, what is there.
files() {
	if [ -e .git ] && command -v git >/dev/null; then
		git ls-files -co --exclude-standard -- "$@" | while read -r f; do [ ! -f "$f" ] || echo "$f"; done
	else
		find "$@" -type f
	fi
}
