#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test-csv.py TCPTAPE MAKE_TAPE: the columns of every view's CSV are those of tests/fixtures/csv-headers.txt.

Programs may take a column of CSV by its number, so a new one only ever comes last, and none goes.
A line of the list is a golden case's view and options, a colon, and the header of its first table or,
where there are several, of the table whose name stands in brackets."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

tcptape, make_tape = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
LIST = pathlib.Path("tests/fixtures/csv-headers.txt")
HEADER = re.compile(r"[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)+")
NOT_ROWS = ("report", "diff")


def headers(text):
    """Yields the name of each table, or "" for the only one, and its header."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if HEADER.fullmatch(line):
            is_named = line.startswith("table,") and i + 1 < len(lines)
            yield (f" [{lines[i + 1].split(',')[0]}]" if is_named else ""), line


def printed():
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree("tests/fixtures/labels", folder, dirs_exist_ok=True)
        for case in sorted(pathlib.Path("tests/golden").glob("*/*.args")):
            view = case.parent.name
            if view in NOT_ROWS:
                continue
            scenario, *options = case.read_text(encoding="utf-8").split()
            tape = pathlib.Path(folder) / f"{scenario}.tape"
            if not tape.exists():
                tape.write_bytes(subprocess.run([make_tape, f"tests/fixtures/tapes/{scenario}.scn"], check=True,
                                                stdout=subprocess.PIPE).stdout)
            done = subprocess.run([tcptape, view, "--format", "csv", tape, *options], check=False, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder)
            for name, header in headers(done.stdout):
                found[" ".join([view, *options]) + name] = header
    return found


def main():
    listed = dict(line.split(": ") for line in LIST.read_text(encoding="utf-8").splitlines())
    found = printed()
    n_wrong = 0
    for case in sorted(listed.keys() | found.keys()):
        was, is_ = listed.get(case, ""), found.get(case, "")
        if was == is_:
            continue
        n_wrong += 1
        if is_.startswith(was):
            print(f"FAIL: {LIST} lacks, at the end of its line or of the list: {case}: {is_}")
        else:
            print(f"FAIL: {case}: columns have moved or gone\n  was: {was}\n  is:  {is_}")
    print(f"{len(found)} headers, {n_wrong} wrong")
    return n_wrong > 0 or not found


if __name__ == "__main__":
    sys.exit(main())
