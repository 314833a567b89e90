#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-format finds nothing to do, comments stay within 100 columns, and every source names its
license. Long files and functions are shown; they are not wrong."""
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
from hygiene import Findings, run_each, sources  # noqa: E402

FILE_LINES, FUNCTION_LINES = 400, 80
COLUMNS, TAB = 100, 8
# clang-format breaks code, and leaves comments alone.
COMMENT = re.compile(r"\s*(/?\*|//)|.*\*/\s*$|.*\s//\s")


def show_long(path, lines):
    if len(lines) > FILE_LINES:
        print(f"note: {path} has {len(lines)} lines")
    began = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            began = number
        elif line.startswith("}"):
            if began and number - began > FUNCTION_LINES:
                print(f"note: {path}:{began} is a function of {number - began} lines")
            began = None


def check_comments(findings, path, lines):
    for number, line in enumerate(lines, 1):
        columns = len(line.expandtabs(TAB))
        if columns > COLUMNS and COMMENT.match(line):
            findings.bad(f"{path}:{number}: a comment of {columns} columns")


def main():
    findings = Findings()
    paths = sources("src", "include", "tests")
    for path in paths:
        lines = path.read_text().splitlines()
        if not lines or not re.search("SPDX-License-Identifier: MIT", lines[0]):
            findings.bad(f"{path}: no SPDX line")
        check_comments(findings, path, lines)
        show_long(path, lines)
    if not shutil.which("clang-format"):
        print("clang-format is not installed: layout not checked")
        if not findings.n_bad:
            sys.exit(77)
    else:
        n = 4 * os.cpu_count()
        parts = [list(map(str, paths[i::n])) for i in range(n) if paths[i::n]]
        for _, done in run_each([["clang-format", "--dry-run", "--Werror", *part] for part in parts]):
            if done.returncode:
                findings.bad(f"clang-format -i has work to do:\n{done.stdout}")
    findings.verdict()


main()
