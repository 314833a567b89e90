#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The repository holds what it should, and nothing of it knows the machine it was written on."""
import os
import re
import sys

sys.dont_write_bytecode = True
from hygiene import Findings, files  # noqa: E402

TOP = """.ci .clang-format .clang-tidy .editorconfig .gitattributes .gitignore CHANGELOG.md
    CONTRIBUTING.md LICENSE README.md SECURITY.md include meson.build meson_options.txt scripts src
    subprojects tests""".split()
# Put together here, or this file would be found.
MACHINE = re.compile("|".join([
    r"(?<![\w/])/wo" r"rk\b", "/tmp" "/wt", "/tmp" "/b-", "/ho" "me/",
    r"https?://(localhost|127\.|10\.|192\.168\.)[^ ]*(simple|registry|proxy)"]).encode())
WITH_SCRIPTS = ("scripts", "tests", ".ci")


def main():
    findings = Findings()
    paths = files(".")
    for top in sorted({path.parts[0] for path in paths} - set(TOP)):
        findings.bad(f"{top}: does not belong at the top")
    for path in paths:
        data = path.read_bytes()
        if data.startswith(b"#!") and path.parts[0] in WITH_SCRIPTS and not os.access(path, os.X_OK):
            findings.bad(f"{path}: is a script, and not executable")
        # A file with a zero byte is not text.
        if b"\0" in data[:4096] or not MACHINE.search(data):
            continue
        for number, line in enumerate(data.splitlines(), 1):
            if MACHINE.search(line):
                findings.bad(f"{path}:{number}: {line.decode(errors='replace')}")
    findings.verdict()


main()
