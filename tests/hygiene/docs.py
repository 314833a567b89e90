#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs.py TCPTAPE: the documents name what the code has: every section kind, room and command."""
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from hygiene import Findings, files  # noqa: E402
from layers import ALLOWED  # noqa: E402

MAN_PARTS = "src/cli/man"


def has_word(text, word):
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def check_kinds(findings):
    layout = pathlib.Path("src/format/records.h").read_text()
    text = pathlib.Path("src/format/FORMAT.md").read_text()
    kinds = sorted(set(re.findall(r"TAPE_KIND_([A-Z]+)", layout)))
    if not kinds:
        findings.bad("src/format/records.h: no section kinds are found in it")
    for kind in kinds:
        if not has_word(text, kind):
            findings.bad(f"FORMAT.md: {kind} is missing")


def check_host_keys(findings):
    """Every key that the recorder writes into the HOST section is in FORMAT.md's table."""
    text = pathlib.Path("src/format/FORMAT.md").read_text()
    keys = set()
    for path in pathlib.Path("src/record").glob("*.c"):
        keys.update(re.findall(r'host_put(?:_number)?\(&hw, "([a-z_]+)"', path.read_text()))
    if not keys:
        findings.bad("src/record: no HOST keys are found in it")
    for key in sorted(keys):
        if not re.search(rf"^\|.*`{key}`.*\|.*\|", text, re.M):
            findings.bad(f"FORMAT.md: HOST: {key} is missing")


def check_rooms(findings):
    """src/README.md has a row for every room, and includes point down its table only."""
    text = pathlib.Path("src/README.md").read_text()
    rows = re.findall(r"^\| `([a-z]+)/` \|", text, re.M)
    rooms = {path.parts[1] for path in files("src") if len(path.parts) > 2}
    for room in sorted(rooms - set(rows)):
        findings.bad(f"src/README.md: no row for src/{room}")
    for room in sorted(room for room in rows if room not in rooms or rows.count(room) > 1):
        findings.bad(f"src/README.md: one row too many for {room}")
    for room, others in ALLOWED.items():
        for other in others.split():
            if room in rows and other in rows and rows.index(other) < rows.index(room):
                findings.bad(f"src/README.md: {room} may include {other}, which stands above it")


def help_of(findings, *words):
    done = subprocess.run(list(words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        findings.bad(f"{' '.join(words[1:])}: status {done.returncode}")
    return done.stdout


def check_commands(findings, tcptape, readme):
    """Each command is in the README, and has a part of a manual page. Its options come from the
    program's tables when the page is made; tests/cli/test-man.sh looks at the whole page."""
    found = re.findall(r"^ +([a-z]+) ", help_of(findings, tcptape, "--help"), re.M)
    commands = sorted(set(found) - {"help"})
    if len(commands) < 7:
        findings.bad("tcptape --help shows fewer than 7 commands")
    parts = {path.stem: path for path in files("src/cli") if path.suffix == ".scd"}
    for name in sorted(set(parts) - set(commands) - {"tcptape", "tcptape.5"}):
        findings.bad(f"{parts[name]}: a man page of no command")
    for command in commands:
        if not has_word(readme, f"tcptape {command}"):
            findings.bad(f"README.md: 'tcptape {command}' is missing")
        if command not in parts:
            findings.bad(f"{command}: no manual page in {MAN_PARTS}")
        elif not re.search("^@HEAD$", parts[command].read_text(), re.M):
            findings.bad(f"{parts[command]}: no @HEAD")


def main():
    findings = Findings()
    readme = pathlib.Path("README.md").read_text()
    check_kinds(findings)
    check_host_keys(findings)
    check_rooms(findings)
    check_commands(findings, sys.argv[1], readme)
    findings.verdict()


main()
