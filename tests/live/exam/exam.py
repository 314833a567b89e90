#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plays one incident and judges what tcptape says of it: exam.py [-r] NAME

The incident is the module NAME beside this file: its first line of documentation is the story, and
its function exam(x) makes the traffic, records it, and judges with the functions of x. The last
line of the output is for scripts/exam: "result: FIRST FALSE OTHER", the number of wrong first
findings, of false findings and of other wrong answers; - where nothing was judged. TCPTAPE names the
program. With -r an incident with wrong answers is played once more: on a machine that is short of CPU it
may not be the intended one."""
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

import net


def strings(value):
    """Yields all text and numbers in a value of any shape."""
    if isinstance(value, dict):
        for v in value.values():
            yield from strings(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)
    elif value is not None:
        yield str(value)


def says(finding, word):
    """True when the finding has the word or words somewhere, not as a part of a longer word."""
    text = " ; ".join(strings(finding))
    return re.search(r"(?<![\w.])" + re.escape(word) + r"(?!\w)(?!\.\d)", text) is not None


class Exam:
    """One incident; its name, its own number and a folder for its files."""

    def __init__(self, name):
        self.name = name
        self.number, self.lock = net.take_number()
        self.loopback = f"127.{self.number}.0.1"
        self.dir = tempfile.mkdtemp(prefix=f"tcptape-{name}-")
        self.n_wrong = {"first": 0, "false": 0, "other": 0}
        self.kinds = set()

    def judge(self, kind, holds, what):
        print(("ok: " if holds else "FAILED: ") + what, flush=True)
        self.kinds.add(kind)
        self.n_wrong[kind] += not holds
        return bool(holds)

    def holds(self, what, value):
        return self.judge("other", value, what)

    def is_(self, what, value, wanted):
        """The value must be equal to the wanted one."""
        return self.holds(f"{what}: {value!r}" + ("" if value == wanted else f", wanted {wanted!r}"),
                          value == wanted)

    def at_least(self, what, value, least):
        return self.holds(f"{what}: {value!r}" + ("" if value >= least else f", wanted {least!r} or more"),
                          value >= least)

    def first(self, report, ident, *words):
        """The first finding must be this one, and have the words in its title or its other texts."""
        findings = report["findings"]
        f = findings[0] if findings else {"id": "nothing", "title": ""}
        if self.judge("first", f["id"] == ident, f"the first finding is {f['id']}, wanted {ident}"):
            for word in words:
                self.judge("first", says(f, word), f"{ident} says '{word}'")
        if not all(says(f, word) for word in words):
            print(json.dumps(f, indent=1))

    def nothing_else(self, report, may=()):
        """No finding but the first, and those whose names are given, is true."""
        for f in report["findings"][1:]:
            if not self.judge("false", f["id"] in may, f"beside the first finding: {f['id']}: {f['title']}"):
                print(json.dumps(f, indent=1))

    def silent(self, report):
        """Nothing is wrong, and the report says so: its only finding is `quiet`, GOOD."""
        found = [(f["id"], f["level"]) for f in report["findings"]]
        if not self.judge("false", found == [("quiet", "good")], f"healthy: {found}"):
            print(json.dumps(report["findings"], indent=1))

    def has(self, report, ident, *words):
        """There must be such a finding, with the words."""
        same = [f for f in report["findings"] if f["id"] == ident]
        self.holds(f"{ident} is found", same)
        for word in words if same else ():
            self.holds(f"{ident} says '{word}'", any(says(f, word) for f in same))

    def lacks(self, report, ident):
        """Such a finding would be false."""
        for f in report["findings"]:
            if f["id"] == ident:
                self.judge("false", False, f"{ident}: {f['title']}")
                print(json.dumps(f, indent=1))


def skip(why):
    print("skipped:", why)
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def need_a_tracing_kernel():
    if os.geteuid() != 0:
        skip("needs root")
    if not os.path.isdir("/sys/kernel/tracing/events"):
        subprocess.run(["mount", "-t", "tracefs", "nodev", "/sys/kernel/tracing"], check=False)
    if not os.path.isdir("/sys/kernel/tracing/events/tcp"):
        skip("no tracepoints of TCP")
    if subprocess.run(["ip", "netns", "list"], check=False, stdout=subprocess.DEVNULL).returncode:
        skip("no network namespaces")


def play(name):
    """Plays the incident, and returns how many answers were wrong, by their kinds."""
    x = Exam(name)
    try:
        incident = importlib.import_module(name)
        print("story:", (incident.__doc__ or "").strip().splitlines()[0])
        incident.exam(x)
    except Exception:
        traceback.print_exc(file=sys.stdout)
        x.judge("other", False, "the incident came to its end")
    finally:
        keep = os.environ.get("KEEP")
        if keep:
            shutil.copytree(x.dir, f"{keep}/{name}", dirs_exist_ok=True)
        shutil.rmtree(x.dir, ignore_errors=True)
        x.lock.close()
    print("result:", *(n if kind in x.kinds else "-" for kind, n in x.n_wrong.items()))
    return any(x.n_wrong.values())


def main():
    need_a_tracing_kernel()
    # The process that started the test may ignore signals, as nohup ignores SIGHUP.
    for number in signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    name = sys.argv[-1]
    is_wrong = play(name)
    if is_wrong and sys.argv[1] == "-r":
        print("-- once more", flush=True)
        is_wrong = play(name)
    return is_wrong


if __name__ == "__main__":
    sys.exit(main())
