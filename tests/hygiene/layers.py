#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Includes between rooms point downward only, nothing includes itself by a detour, and a foreign
library has one room. Rooms, headers and units have no circles; a unit is NAME.c with NAME.h, and a
header without a .c of its name, as one with a unit's private state, is a part of those that use it.
"""
import fnmatch
import pathlib
import sys

sys.dont_write_bytecode = True
from hygiene import Findings, includes, sources  # noqa: E402

# Each room, and the rooms of which it may include headers.
ALLOWED = {
    "base": "",
    "table": "base",
    "tcp": "base",
    "tracepoint": "tcp base",
    "track": "tracepoint tcp base",
    "format": "base",
    "tape": "format base",
    "counter": "tape format base",
    "merge": "tape format base",
    "decode": "tape format tracepoint tcp base",
    "kernel": "tracepoint tcp base",
    "record": "kernel tape format tracepoint tcp base",
    "cells": "table tcp base",
    "view": "cells counter table tracepoint tcp base",
    "gather": "view counter table tcp base",
    "detect": "gather counter cells table tcp base",
    "pages": "detect gather counter cells table tcp base",
    "render": "table base",
    "rows": "render table base",
    "document": "render table base",
    "html": "document render table base",
    "playback": "view merge counter tape format decode track tracepoint table tcp base",
    "sandbox": "base",
    "library": "merge tape format tracepoint base",
    "cli": "base table tcp tracepoint track format tape counter merge decode kernel "
           "record cells view gather detect pages render rows document html playback sandbox",
}
# Headers of libraries and of the kernel, and the one room that may include them.
FOREIGN = {
    "zstd*.h": "tape",
    "xxhash.h": "format",
    "traceevent/*": "decode",
    "event-parse.h": "decode",
    "tracefs.h": "kernel",
    "tracefs/*": "kernel",
    "linux/perf_event.h": "kernel",
    "seccomp.h": "sandbox",
}


def circles(edges):
    """Each circle of a graph {node: {node, ...}} that a walk through it meets, as a list of nodes
    that ends where it begins."""
    found, state, path = [], {}, []

    def walk(node):
        state[node] = "open"
        path.append(node)
        for other in sorted(edges.get(node, ())):
            if state.get(other) == "open":
                found.append(path[path.index(other):] + [other])
            elif other not in state:
                walk(other)
        path.pop()
        state[node] = "done"

    for node in sorted(edges):
        if node not in state:
            walk(node)
    return found


def is_unit(path):
    """Is there a .c of this name?"""
    return path.with_suffix(".c").is_file()


def unit(path):
    return "/".join(path.with_suffix("").parts[1:])


def owner(header):
    for pattern, room in FOREIGN.items():
        if fnmatch.fnmatch(header, pattern):
            return room
    return None


def check_table(findings):
    for room, lower in ALLOWED.items():
        for other in lower.split():
            if other not in ALLOWED:
                findings.bad(f"table of rooms: {room} may include {other}, which is no room")
    for circle in circles({room: set(lower.split()) for room, lower in ALLOWED.items()}):
        findings.bad(f"table of rooms: a circle: {' -> '.join(circle)}")


def check_own(findings, path, number, header):
    """Is this include of a header of ours in order?"""
    room, where = path.parts[1], f"{path}:{number}"
    other = header.split("/")[0]
    if "/" not in header:
        findings.bad(f'{where}: "{header}" does not name its room')
        return
    if not pathlib.Path("src", header).is_file():
        findings.bad(f'{where}: "{header}" does not exist')
    if other != room and other not in ALLOWED[room].split():
        findings.bad(f"{where}: {room} may not include {other}")


def main():
    findings = Findings()
    check_table(findings)
    for room in sorted({path.parts[1] for path in sources("src")} - set(ALLOWED)):
        findings.bad(f"src/{room}: not a room of the table")

    rooms, headers, units = {}, {}, {}
    for path in sources("src"):
        room = path.parts[1]
        if room not in ALLOWED:
            continue
        for number, own, foreign in includes(path):
            if foreign and pathlib.Path("src", foreign).is_file():
                findings.bad(f"{path}:{number}: <{foreign}> is ours: \"{foreign}\"")
            if foreign and owner(foreign) not in (None, room):
                findings.bad(f"{path}:{number}: <{foreign}> belongs to {owner(foreign)}")
            if not own:
                continue
            check_own(findings, path, number, own)
            if own.split("/")[0] != room:
                rooms.setdefault(room, set()).add(own.split("/")[0])
            if path.suffix == ".h":
                headers.setdefault("/".join(path.parts[1:]), set()).add(own)
            if is_unit(path) and is_unit(pathlib.Path("src", own)) and unit(path) != own[:-2]:
                units.setdefault(unit(path), set()).add(own[:-2])
    for what, edges in (("rooms", rooms), ("headers", headers), ("units", units)):
        for circle in circles(edges):
            findings.bad(f"a circle of {what}: {' -> '.join(circle)}")
    findings.verdict()


if __name__ == "__main__":
    main()
