#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test-commands.py TCPTAPE MAKE_TAPE: the command that a finding names prints at least one row.

With every scenario of tests/fixtures/tapes."""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

tcptape, make_tape = sys.argv[1:3]
n_run = n_wrong = 0
with tempfile.TemporaryDirectory() as folder:
    for scenario in sorted(pathlib.Path("tests/fixtures/tapes").glob("*.scn")):
        tape = pathlib.Path(folder) / f"{scenario.stem}.tape"
        tape.write_bytes(subprocess.run([make_tape, scenario], check=True, stdout=subprocess.PIPE).stdout)
        report = subprocess.run([tcptape, "report", "--json", tape], check=False, stdout=subprocess.PIPE)
        for finding in json.loads(report.stdout)["findings"]:
            if "command" not in finding:
                continue
            words = shlex.split(finding["command"])
            done = subprocess.run([tcptape, *words[1:], "--json"], check=False, capture_output=True)
            n_run += 1
            if done.returncode not in (0, 3) or not done.stdout.strip():
                n_wrong += 1
                print(f"FAIL: {scenario.stem}: {finding['id']}: no row: {finding['command']}:",
                      done.stderr.decode(errors="replace"))
print(f"{n_run} commands of findings, {n_wrong} without a row")
sys.exit(n_wrong > 0 or not n_run)
