#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Compares the findings of `report --json` with the expected ones:
#
#   incidents.py REPORT WANT MAY
#
# WANT: findings that there must be: ID, ID~TEXT when the finding has to contain TEXT, ID!TEXT,TEXT
# when its title may contain none of these. MAY: other findings that are true. Any other finding is
# false.
import json
import re
import sys

KNOWN = set(
    "loss timeouts tail-loss unreachable backlog resets connects slow-connects stalled window "
    "local synchronised checksum quiet".split()
)
LEVELS = ("good", "notice", "warning", "critical")
ADDRESS = r"(?<![\w.:])(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]+:[0-9a-f:]*:[0-9a-f]+)(?:/\d+)?"


def names(text, what):
    return re.search(r"(?<![\w.])" + re.escape(what) + r"(?![\w])(?!\.\d)", text) is not None


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


class Verdict:
    def __init__(self, findings):
        self.findings = findings
        self.n_bad = 0

    def check(self, holds, what):
        print(("ok: " if holds else "FAILED: ") + what)
        self.n_bad += not holds

    def want(self, word):
        ident, kind, rest = re.match(r"([a-z-]+)([~!]?)(.*)", word).groups()
        found = [f for f in self.findings if f["id"] == ident]
        self.check(found, f"{ident} is found")
        if not found or not kind:
            return
        texts = rest.split(",")
        if kind == "!":
            for f in found:
                blamed = [t for t in texts if names(f["title"], t)]
                self.check(not blamed, f"{ident} blames nobody{': ' + f['title'] if blamed else ''}")
            return
        for text in texts:
            titles = [f["title"] for f in found]
            if any(names(title, text) for title in titles):
                self.check(True, f"{ident}'s title names {text}")
                continue
            self.check(any(names(" ; ".join(strings(f)), text) for f in found), f"{ident} names {text}")
            if not re.fullmatch(ADDRESS, text):
                continue
            accused = [t for title in titles for t in re.findall(ADDRESS, title)]
            self.check(not accused, f"{ident}'s title names no other address {' '.join(accused)}")

    def others(self, allowed, quiet):
        for f in self.findings:
            if f["id"] in allowed:
                continue
            if f["id"] in KNOWN or quiet:
                self.check(False, f"{f['id']} ({f['level']}) is not true: {f['title']}")
                print("  ", json.dumps(f.get("evidence")))
            else:
                print(f"note: {f['id']} ({f['level']}): {f['title']}")


def main():
    path, want, may = sys.argv[1:4]
    with open(path, encoding="utf-8") as f:
        report = json.load(f)
    verdict = Verdict(report["findings"])
    for f in verdict.findings:
        print(f"found: {f['id']} ({f['level']}): {f['title']}")
        verdict.check(f["level"] in LEVELS, f"level of {f['id']}")
    for word in want.split():
        verdict.want(word)
    allowed = {re.match("[a-z-]+", w).group() for w in want.split()} | set(may.split())
    quiet = may.split() == ["quiet"]
    if quiet:
        levels = [f["level"] for f in verdict.findings if f["id"] == "quiet"]
        verdict.check(levels == ["good"], f"quiet, and good: {levels}")
    verdict.others(allowed, quiet)
    return verdict.n_bad != 0


sys.exit(main())
