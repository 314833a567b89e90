#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test-sandbox.py TCPTAPE MAKE_TAPE: every command that reads a tape is in the sandbox before it has
a byte of the tape, answers as without it, and leaves no file behind that it did not finish."""
import pathlib
import re
import subprocess
import sys
import tempfile
import time

tcptape, make_tape = sys.argv[1:3]
failures = []


def fail(words):
    failures.append(words)
    print(f"FAIL: {words}")


def run(*words, stdin=subprocess.DEVNULL):
    return subprocess.run([tcptape, *words], check=False, capture_output=True, stdin=stdin)


def reading_commands():
    """The commands that read a tape, and how many tapes they read."""
    help_text = run("help").stdout.decode()
    found = re.findall(r"^  ([a-z]+) +(TAPE|BEFORE)\b", help_text, re.M)
    return {name: 2 if usage == "BEFORE" else 1 for name, usage in found}


def status_of(process):
    """The fields of /proc/PID/status."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def is_safe(process):
    """Does a process that waits for its tape get into the sandbox?"""
    while process.poll() is None:
        status = status_of(process)
        if status["Seccomp"].strip() == "2":
            return status["NoNewPrivs"].strip() == "1"
        time.sleep(0.01)
    return False


def check_before_first_byte(command, tapes):
    words = [tcptape, command, *["-"] * tapes]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        if not is_safe(process):
            fail(f"{command}: waits for its tape outside the sandbox")
        process.stdin.close()


def check_answer(command, tapes, tape):
    inside = run(command, *[tape] * tapes)
    outside = run(command, *[tape] * tapes, "--no-sandbox")
    if (inside.stdout, inside.stderr, inside.returncode) != \
            (outside.stdout, outside.stderr, outside.returncode):
        fail(f"{command}: answers differently in the sandbox")


def check_files(folder, tape):
    """--html and --salvage: a file, or none."""
    page, copy, bad = folder / "page.html", folder / "copy.tape", folder / "bad.tape"
    bad.write_bytes(b"no tape")
    if run("check", "--salvage", copy, bad).returncode != 1 or copy.exists():
        fail("check --salvage leaves a file of what is no tape")
    if run("report", "--html", page, bad).returncode != 1 or page.exists():
        fail("report --html leaves a page about what is no tape")
    if run("check", "--salvage", copy, tape).returncode or copy.read_bytes() != tape.read_bytes():
        fail("check --salvage does not copy a whole tape")
    if run("report", "--html", page, tape).returncode == 0:
        old = page.stat().st_ino
        if run("report", "--html", page, tape).returncode or page.stat().st_ino == old:
            fail("report --html does not replace a page")
    left = sorted(p.name for p in folder.iterdir() if p.name.startswith(".tcptape"))
    if left:
        fail(f"left behind: {left}")


def main():
    commands = reading_commands()
    if len(commands) < 10:
        fail("tcptape help shows fewer than 10 commands that read a tape")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tape = folder / "loss.tape"
        tape.write_bytes(subprocess.run([make_tape, "tests/fixtures/tapes/loss.scn"], check=True,
                                        stdout=subprocess.PIPE).stdout)
        if b"without a sandbox" in run("info", tape).stderr:
            print("SKIP: no sandbox can be had here")
            sys.exit(77)
        for command, tapes in commands.items():
            check_before_first_byte(command, tapes)
            check_answer(command, tapes, tape)
        check_files(folder, tape)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
