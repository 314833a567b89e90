#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs.py TCPTAPE: the documents name what the code has: every section kind, room, command and
option."""
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from hygiene import Findings, files  # noqa: E402

MAIN_PAGE = "tcptape.1.scd"


def has_word(text, word):
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def check_kinds(findings):
    layout = pathlib.Path("src/format/layout.h").read_text()
    text = pathlib.Path("src/format/FORMAT.md").read_text()
    kinds = sorted(set(re.findall(r"TAPE_KIND_([A-Z]+)", layout)))
    if not kinds:
        findings.bad("src/format/layout.h: no section kinds are found in it")
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


def check_rooms(findings, readme):
    for room in sorted({path.parts[1] for path in files("src") if len(path.parts) > 2}):
        if not re.search(rf"^ *{room}/ ", readme, re.M):
            findings.bad(f"README.md: src/{room} is missing")


def help_of(findings, *words):
    done = subprocess.run(list(words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        findings.bad(f"{' '.join(words[1:])}: status {done.returncode}")
    return done.stdout


def page_of(pages, command):
    """The command's own man page, or else the program's."""
    return pages.get(f"tcptape-{command}.1.scd") or pages[MAIN_PAGE]


def check_commands(findings, tcptape, readme):
    pages = {path.name: path for path in files("src") if path.suffix == ".scd"}
    if MAIN_PAGE not in pages:
        findings.bad(f"{MAIN_PAGE}: no such man page")
        return
    found = re.findall(r"^ +([a-z]+) ", help_of(findings, tcptape, "--help"), re.M)
    commands = sorted(set(found) - {"help"})
    if len(commands) < 7:
        findings.bad("tcptape --help shows fewer than 7 commands")
    for name in sorted(set(pages) - {MAIN_PAGE} - {f"tcptape-{c}.1.scd" for c in commands}):
        findings.bad(f"{pages[name]}: a man page of no command")
    for command in commands:
        if not has_word(readme, f"tcptape {command}"):
            findings.bad(f"README.md: 'tcptape {command}' is missing")
        page = page_of(pages, command)
        text = page.read_text().replace("\\-", "-")
        if not re.search(rf"tcptape[ -]{command}\b", text):
            findings.bad(f"{page}: 'tcptape {command}' is missing")
        options = re.findall(r"^ +(?:-[a-zA-Z0-9], )?(--[a-z0-9-]+)",
                             help_of(findings, tcptape, command, "--help"), re.M)
        if not options:
            findings.bad(f"tcptape {command} --help shows no options")
        for option in options:
            if not re.search(rf"(?<![\w-]){option}(?![\w-])", text):
                findings.bad(f"{page}: {option} of {command} is missing")


def main():
    findings = Findings()
    readme = pathlib.Path("README.md").read_text()
    check_kinds(findings)
    check_host_keys(findings)
    check_rooms(findings, readme)
    check_commands(findings, sys.argv[1], readme)
    findings.verdict()


main()
