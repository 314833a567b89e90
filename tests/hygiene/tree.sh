#!/bin/bash
# SPDX-License-Identifier: MIT
# The repository holds what it should, and nothing of it knows the machine it was written on.
. tests/hygiene/lib.sh || exit 1

known=" .ci .clang-format .clang-tidy .editorconfig .gitattributes .gitignore CHANGELOG.md CONTRIBUTING.md LICENSE README.md SECURITY.md include meson.build
	meson_options.txt scripts src subprojects tests "
while read -r top; do
	grep -qwF -- "$top" <<<"$known" || bad "$top: does not belong at the top"
done < <(files . | sed 's|^\./||; s|/.*||' | grep -v '^build' | sort -u)

machine='/work''/|/tmp''/wt|/tmp''/b-|/home''/|https?://(localhost|127\.|10\.|192\.168\.)[^ ]*(simple|registry|proxy)'
while read -r f; do
	[ "$(head -c 4096 "$f" | tr -d '\0' | wc -c)" = "$(head -c 4096 "$f" | wc -c)" ] || continue
	hit=$(grep -nE "$machine" "$f") && bad "$f: $hit"
done < <(files . | sed 's|^\./||' | grep -v '^build')
while read -r f; do
	[ "$(head -c 2 "$f" | tr -d "\0")" != '#!' ] || [ -x "$f" ] || bad "$f: is a script, and not executable"
done < <(files scripts tests .ci)
verdict
