#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test-reader.py TCPTAPE MAKE_TAPE: the second reader, against the vectors and against tcptape.

This reader was written from FORMAT.md alone. Where the two differ, FORMAT.md says too little, or
one of them is wrong.
"""

import json
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True
from rows import write_rows  # noqa: E402
from tape import Tape  # noqa: E402
from verdict import verdict  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
DAMAGED = 8                             # damaged copies of each tape
failures = []


def same(what, got, want):
    if got != want:
        failures.append(what)
        print(f"{what}: this reader has\n{str(got)[:2000]}\nand not\n{str(want)[:2000]}")


def rows_of(data):
    lines = []
    write_rows(data, lines.append)
    return "".join(lines)


def wall_of(clock, ts_ns):
    """A line of NAME.wall.json."""
    line, ns = {"ts_ns": ts_ns}, clock.time(ts_ns)
    if ns is not None:
        second = datetime.fromtimestamp(ns // 10**9, timezone.utc)
        line["time"] = f"{second:%Y-%m-%dT%H:%M:%S}.{ns % 10**9:09}Z"
    return line


def check_vector(path):
    data = path.read_bytes()
    same(f"{path.name}: rows", rows_of(data), path.with_suffix(".rows.json").read_text())
    same(f"{path.name}: verdict", verdict(data),
         json.loads(path.with_suffix(".verdict.json").read_text()))
    wall = path.with_suffix(".wall.json")
    if wall.exists():
        clock = Tape(data, lambda tape, row: None).clock
        for line in map(json.loads, wall.read_text().splitlines()):
            same(f"{path.name}: wall time", wall_of(clock, line["ts_ns"]), line)


def check_tape(tcptape, name, data):
    """Rows, and the exit status of who reads them: 3 where the tape is damaged."""
    with tempfile.NamedTemporaryFile(suffix=".tape") as tape:
        tape.write(data)
        tape.flush()
        ran = subprocess.run([tcptape, "replay", "--fields", tape.name], capture_output=True)
    same(f"{name}: rows", rows_of(data), ran.stdout.decode())
    same(f"{name}: status", verdict(data)["replay_status"], ran.returncode)


def damage(data, chance):
    """A copy with a bit flipped, bytes lost, bytes put in, or the end lost."""
    at, copy = chance.randrange(len(data)), bytearray(data)
    what = chance.randrange(4)
    if what == 0:
        copy[at] ^= 1 << chance.randrange(8)
    elif what == 1:
        del copy[at:at + chance.randrange(1, 200)]
    elif what == 2:
        copy[at:at] = b"\x89TCPT"
    else:
        del copy[at:]
    return bytes(copy)


def main():
    tcptape, make_tape = sys.argv[1:3]
    for path in sorted((FIXTURES / "vectors").glob("*.tape")):
        check_vector(path)
    for path in sorted((FIXTURES / "tapes").glob("*.scn")):
        data = subprocess.run([make_tape, path], stdout=subprocess.PIPE, check=True).stdout
        check_tape(tcptape, path.stem, data)
        for seed in range(DAMAGED):
            check_tape(tcptape, f"{path.stem}, damage {seed}",
                       damage(data, random.Random(f"{path.stem} {seed}")))
    return 1 if failures else 0


sys.exit(main())
