# SPDX-License-Identifier: MIT
"""Compares views of a tape with perf script, on recordings of the same kind of load."""
from .record import KINDS, take
from .run import cost
from .table import Bar, paired

COMMANDS = (
    (("replay",), Bar(">=", 10)),
    (("retrans", "-c"), Bar(">=", 40)),
    (("life",), Bar(">=", 40)),
    (("info",), Bar(">=", 40)),
    (("states", "-c"), Bar(">=", 40)),
)


def the_take(bench, kind):
    """The last recording of the earlier stages, or a new one."""
    return bench.takes.get(kind.name) or take(bench, kind, bench.load.mill_ms)


def rates(costs, events):
    return [events / c.seconds for c in costs]


def peaks(costs):
    return [c.peak_kib / 1024 for c in costs]


def compare(tape, command, bar, costs, others):
    """Makes the rows of a view. others maps a name to (costs, events). The bar is for the ratio
    to perf."""
    name, rows = " ".join(command), []
    for other, (theirs, events) in others.items():
        rows.append(paired("views", f"{name}, {other}", "ev/s", rates(costs, tape.events),
                           rates(theirs, events), bar if other == "perf" else None))
    theirs, _ = others["perf"]
    rows.append(paired("views", f"{name} peak, perf", "MiB", peaks(costs), peaks(theirs)))
    return rows


def measure(bench):
    tape, data = (the_take(bench, kind) for kind in KINDS[1:3])
    readers = {"perf": (["perf", "script", "-i", data.path], data.events)}
    if "trace-cmd" in bench.takes:
        dat = bench.takes["trace-cmd"]
        readers["trace-cmd"] = (["trace-cmd", "report", "-i", dat.path], dat.events)
    theirs = {name: ([], events) for name, (_, events) in readers.items()}
    ours = {command: [] for command, _ in COMMANDS}
    for _ in range(bench.rounds):
        for name, (command, _) in readers.items():
            theirs[name][0].append(cost(bench, command))
        for command in ours:
            ours[command].append(cost(bench, [bench.tcptape, *command, tape.path]))
    return [row for command, bar in COMMANDS
            for row in compare(tape, command, bar, ours[command], theirs)]
