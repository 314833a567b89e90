# SPDX-License-Identifier: MIT
"""The default profile, which people run, against perf with the same events: what a connection of
the load costs the host, the kernel's part included, and what the recorder itself takes.

CPU time of the load is compared, not its speed, which on a machine with other work says little. Of
many short loads the tenth part that took least counts for the kernel's part: the others shared
their CPU and its caches with somebody. Whole loads, with start and end, follow."""
import dataclasses
import os
import re
import subprocess

from .record import count_perf, count_tcptape
from .run import PATIENCE_S, BenchError, recording
from .table import Bar, Row, alone, paired

STAGE = "default"
# The tracepoints of profile "loss".
EVENTS = ("tcp:tcp_retransmit_skb", "tcp:tcp_retransmit_synack", "tcp:tcp_send_reset",
          "tcp:tcp_receive_reset", "tcp:tcp_destroy_sock", "tcp:tcp_cong_state_set",
          "tcp:tcp_bad_csum", "sock:inet_sock_set_state", "sock:inet_sk_error_report",
          "sock:sock_exceed_buf_limit", "sock:sock_rcvqueue_full")
# A connection of the load has so many of these events.
EVENTS_PER_CONNECTION = 13
# A recorder must have seen this part of them.
PART_SEEN = 0.8
# Short loads under one recorder, how long each lasts, and which part of them counts.
SLICES, SLICE_MS, BEST_PART = 8, 120, 10
BAR_ADDED, BAR_CPU = Bar("<=", 0.6), Bar("<=", 0.5)


def perf(bench, out):
    words = [word for event in EVENTS for word in ("-e", event)]
    return ["perf", "record", "-a", "-z", "-m", "1024", *words, "-o", out]


def tcptape(bench, out, *options):
    return [bench.tcptape, "record", *bench.options, "-o", out, *options]


RECORDERS = {
    "nothing": None,
    "tcptape": tcptape,
    "perf": perf,
    "no sockets": lambda bench, out: tcptape(bench, out, "--no-sockets"),
    "no stacks": lambda bench, out: tcptape(bench, out, "--no-sockets", "--no-stacks"),
    "life": lambda bench, out: tcptape(bench, out, "-p", "life"),
    "bytes": lambda bench, out: tcptape(bench, out, "-p", "bytes"),
}


@dataclasses.dataclass(frozen=True)
class Take:
    connections: int
    load_us: float  # CPU time of the load for each of its connections
    cpu_s: float = 0  # of the recorder


def load(bench, ms, processes, rate=0, pin=False):
    """Runs connections, and returns their number and the CPU microseconds that each took."""
    words = ["taskset", "-c", str(max(os.sched_getaffinity(0)))] if pin else []
    words += [str(bench.traffic), "mill", str(ms), str(processes), str(rate)]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as p:
        out = p.stdout.read()
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
    made = sum(int(n) for n in re.findall(r"mill: (\d+)", out))
    if p.returncode or not made:
        raise BenchError("the load made no connections")
    return made, (usage.ru_utime + usage.ru_stime) * 1e6 / made


def under(bench, name, work):
    """Does work under a recorder. Returns its result, and the CPU seconds of the recorder."""
    command = RECORDERS[name]
    if not command:
        return work(), 0
    out = bench.work / "default.out"
    with recording(command(bench, out), bench.work / "default.log") as recorder:
        result = work()
        cpu_s = recorder.stop()
    if name == "perf" or name == "tcptape":
        check_events(bench, name, out, sum(one[0] for one in result))
    out.unlink(missing_ok=True)
    return result, cpu_s


def check_events(bench, name, out, connections):
    """A recorder that was not ready when the load began costs nothing, and proves nothing."""
    count = count_perf if name == "perf" else count_tcptape
    events, lost = count(bench, out)
    if events + lost < connections * EVENTS_PER_CONNECTION * PART_SEEN:
        raise BenchError(f"{name} saw {events + lost} events of {connections} connections: the "
                         "machine is too busy")


def in_turn(bench, names, take):
    """Takes of each recorder; every round begins with another one."""
    takes = {name: [] for name in names}
    for i in range(bench.rounds):
        shift = i % len(names)
        for name in names[shift:] + names[:shift]:
            takes[name].append(take(name))
    return takes


def kernel_part(bench):
    """What a connection costs more under a recorder, in short loads at full speed."""
    names = list(RECORDERS)

    def take(name):
        slices, _ = under(bench, name, lambda: [load(bench, SLICE_MS, 1, pin=True)
                                                for _ in range(SLICES)])
        return [us for _, us in slices]

    def best(slices):
        flat = sorted(us for one in slices for us in one)
        return flat[len(flat) // BEST_PART]

    takes = {name: best(slices) for name, slices in in_turn(bench, names, take).items()}
    added = {name: us - takes["nothing"] for name, us in takes.items()}
    for name in names[1:]:
        if name == "perf":
            continue
        has_ratio = added["perf"] > 0 and added[name] > 0
        if not has_ratio:
            bench.note("default: the machine is too busy to tell what a connection costs more")
        yield Row(STAGE, f"added at best, {name}", "us", added[name], added["perf"],
                  added[name] / added["perf"] if has_ratio else None, None,
                  BAR_ADDED if name == "tcptape" and has_ratio else None)


def whole_load(bench, ms, events_per_s):
    """One whole load: how many connections, at which cost, and what the recorders took."""
    rate = events_per_s // EVENTS_PER_CONNECTION
    names = ["nothing", "tcptape", "perf"]

    def take(name):
        ((made, us),), cpu_s = under(bench, name, lambda: [load(bench, ms, 2, rate)])
        return Take(made, us, cpu_s)

    takes = in_turn(bench, names, take)
    ours, theirs, nothing = takes["tcptape"], takes["perf"], takes["nothing"]
    speed = f"{events_per_s // 1000}k/s" if rate else "full"
    what = f"{ms / 1000:g} s, {speed}"
    yield alone(STAGE, f"connections/s, {what}", "/s", [t.connections * 1000 / ms for t in ours])
    yield paired(STAGE, f"added, {what}", "us",
                 [t.load_us - n.load_us for t, n in zip(ours, nothing)],
                 [t.load_us - n.load_us for t, n in zip(theirs, nothing)], BAR_ADDED)
    yield paired(STAGE, f"recorder CPU, {what}", "s", [t.cpu_s for t in ours],
                 [t.cpu_s for t in theirs], BAR_CPU)


def measure(bench):
    rows = list(kernel_part(bench))
    for ms, events_per_s in bench.load.whole_loads:
        if ms > PATIENCE_S * 1000:
            raise BenchError("a load is longer than a recorder may take")
        rows += whole_load(bench, ms, events_per_s)
    return rows
