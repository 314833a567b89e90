# SPDX-License-Identifier: MIT
"""Runs recorders in turn under the same load, and compares CPU time, bytes, slowdown and losses."""
import dataclasses
import functools
import json
import os
import re
import shutil
import subprocess
import typing

from .run import BenchError, busy_loops, mill, recording, run
from .table import Bar, alone, paired

STAGE = "record"


@dataclasses.dataclass(frozen=True)
class Take:
    """One recording of one load."""
    path: str
    connections: int
    cpu_s: float = 0
    size: int = 0
    events: int = 0
    lost: int = 0


def tcptape_events(bench, tape, field="recorded"):
    info = json.loads(run([bench.tcptape, "info", "--json", tape]))
    return sum(event[field] for event in info["events"].values())


def count_tcptape(bench, tape):
    return tuple(tcptape_events(bench, tape, field) for field in ("recorded", "lost"))


def stat_of(text, name):
    found = re.search(rf"^\s*{name} events:\s*(\d+)", text, re.M)
    return int(found.group(1)) if found else 0


def perf_lost(path):
    """How many events were lost, by perf's records about losses. Both kinds may report the same
    loss, so the greater sum is taken."""
    sums = {"LOST": 0, "LOST_SAMPLES": 0}
    script = subprocess.Popen(["perf", "script", "--show-lost-events", "-F", "comm", "-i", path],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, errors="replace")
    with script:
        for text in script.stdout:
            found = re.search(r"PERF_RECORD_(LOST\w*) lost (\d+)", text)
            if found:
                sums[found.group(1)] += int(found.group(2))
    return max(sums.values())


def count_perf(bench, path):
    stats = run(["perf", "report", "--stats", "-i", path])
    has_lost = stat_of(stats, "LOST") or stat_of(stats, "LOST_SAMPLES")
    return stat_of(stats, "SAMPLE"), perf_lost(path) if has_lost else 0


def count_trace_cmd(bench, path):
    """The entries and the overruns of trace-cmd, summed over the CPUs."""
    stats = run(["trace-cmd", "report", "--stat", "-i", path])
    sums = {key: sum(map(int, re.findall(rf"{key}: (\d+)", stats)))
            for key in ("entries", "overrun", "dropped events")}
    return sums["entries"], sums["overrun"] + sums["dropped events"]


@dataclasses.dataclass(frozen=True)
class Kind:
    """A recorder. command(bench, file) is its command line; count(bench, file) gives the events
    that it recorded and those that it lost."""
    name: str
    suffix: str = ""
    command: typing.Optional[typing.Callable] = None
    count: typing.Optional[typing.Callable] = None


KINDS = (
    Kind("nothing"),
    Kind("tcptape", ".tape", lambda b, out: [b.tcptape, "record", "-p", "all", *b.options,
                                             "-o", out], count_tcptape),
    Kind("perf", ".data", lambda b, out: ["perf", "record", "-a", "-z", "-m", "1024", "-e", "tcp:*",
                                          "-e", "sock:*", "-o", out], count_perf),
    Kind("trace-cmd", ".dat", lambda b, out: ["trace-cmd", "record", "--compression", "zstd", "-e",
                                              "tcp", "-e", "sock", "-o", out], count_trace_cmd),
)


def take(bench, kind, ms, load="mill"):
    """Runs one recorder under one load."""
    if not kind.command:
        return Take("", mill(bench, ms))
    path = bench.work / f"{load}{kind.suffix}"
    with recording(kind.command(bench, path), bench.work / f"{kind.name}.log") as recorder:
        connections = mill(bench, ms)
        cpu_s = recorder.stop()
    events, lost = kind.count(bench, path)
    if not events:
        raise BenchError(f"{kind.name} recorded nothing: {recorder.complaint()}")
    return Take(str(path), connections, cpu_s, path.stat().st_size, events, lost)


def available(bench):
    """Returns all recorders, without a trace-cmd that is not installed or does not work."""
    if not shutil.which("trace-cmd"):
        bench.note("trace-cmd is not installed and is left out")
        return KINDS[:-1]
    try:
        take(bench, KINDS[-1], 100)
    except BenchError as e:
        bench.note(f"trace-cmd is left out: {e}")
        return KINDS[:-1]
    return KINDS


def play(bench):
    """Runs all rounds. Returns the takes of each recorder; every round begins with another one."""
    kinds = available(bench)
    rounds = {kind.name: [] for kind in kinds}
    for i in range(bench.rounds):
        shift = i % len(kinds)
        for kind in kinds[shift:] + kinds[:shift]:
            rounds[kind.name].append(take(bench, kind, bench.load.mill_ms))
    bench.takes.update((name, takes[-1]) for name, takes in rounds.items())
    return rounds


def per_connection(t):
    return (t.events + t.lost) / t.connections


def own_events(ours, reference):
    """The part of our events that the load caused. The recorder's own sockets cause events, too,
    which must not make its cost per event look smaller."""
    return ours.events * min(1, per_connection(reference) / per_connection(ours))


def cpu_ns(t, events):
    return t.cpu_s * 1e9 / events


def slowdown(t, nothing):
    """How much longer a connection takes than without a recorder, in percent."""
    return (nothing.connections / t.connections - 1) * 100


def compare(rounds, other, bar_cpu=None, bar_slow=None):
    ours, theirs, nothing = rounds["tcptape"], rounds[other], rounds["nothing"]
    row = functools.partial(paired, STAGE)
    return [
        row(f"CPU per event, {other}", "ns",
            [cpu_ns(a, own_events(a, b)) for a, b in zip(ours, theirs)],
            [cpu_ns(b, b.events) for b in theirs], bar_cpu),
        row(f"slowdown, {other}", "%", [slowdown(a, n) for a, n in zip(ours, nothing)],
            [slowdown(b, n) for b, n in zip(theirs, nothing)], bar_slow),
        row(f"events/conn., {other}", "events", list(map(per_connection, ours)),
            list(map(per_connection, theirs))),
        row(f"lost, {other}", "events", [t.lost for t in ours], [t.lost for t in theirs]),
    ]


def compare_bytes(rounds):
    """Compares bytes per event with the smaller of the others."""
    others = [rounds[name] for name in rounds if name not in ("nothing", "tcptape")]
    ours = [a.size / own_events(a, b) for a, b in zip(rounds["tcptape"], rounds["perf"])]
    theirs = [min(t.size / t.events for t in takes) for takes in zip(*others)]
    return paired(STAGE, "bytes per event", "bytes", ours, theirs, Bar("<=", 0.35))


def measure_recorders(bench):
    rounds = play(bench)
    rows = compare(rounds, "perf", Bar("<=", 0.40), Bar("<=", 0.60)) + [compare_bytes(rounds)]
    return rows + (compare(rounds, "trace-cmd") if "trace-cmd" in rounds else [])


def measure_loss(bench):
    ms, rows = bench.load.loss_ms, []
    for beside, loops in (("", 0), (", busy CPUs", 2 * os.cpu_count())):
        with busy_loops(loops):
            t = take(bench, KINDS[1], ms, "loss")
        os.unlink(t.path)
        rows += [alone("loss", f"events/s, {ms // 1000} s{beside}", "/s", [t.events * 1000 / ms]),
                 alone("loss", f"events lost{beside}", "events", [t.lost], Bar("<=", 0))]
    return rows
