# SPDX-License-Identifier: MIT
"""The SYN storm: connects that nobody answers, all of them retransmitting at once."""
import contextlib
import os
import pathlib
import subprocess
import time

from .record import tcptape_events
from .run import PATIENCE_S, BenchError, no_idle_cpus, recording, run
from .table import Bar, alone

PORT = 5002
# An address has so many ports for us; what is dropped is what goes to this port.
PER_ADDRESS = 20000
# The rate for which the CPU's share is told: in proportion, so that far below it the share is
# too great by what the recorder does anyway.
RATE = 20000


@contextlib.contextmanager
def deaf_network(bench, n_sources):
    """Two namespaces; what the second gets at PORT is dropped. Yields their names and addresses."""
    script, name = bench.top / "scripts/lossy-net", f"tb{os.getpid()}"
    try:
        out = run([script, "up", name, os.getpid() % 250])
        net = dict(pair.split("=") for pair in out.split())
        prefix = net["NET4"].removesuffix(".0.0/16")
        for i in range(n_sources):
            run(["ip", "-n", net["NS_A"], "addr", "add", f"{prefix}.78.{i + 1}/16", "dev", "lv"])
        run([script, "drop", name, "b", "tcp", "dport", PORT])
        yield net, f"{prefix}.78.1"
    finally:
        subprocess.run([str(script), "down", name], stdin=subprocess.DEVNULL, check=False)


def tcp_counters(pid):
    """The kernel's own, of the network namespace of a process."""
    lines = pathlib.Path(f"/proc/{pid}/net/snmp").read_text().splitlines()
    names, values = (text.split()[1:] for text in lines if text.startswith("Tcp:"))
    return dict(zip(names, map(int, values)))


def wait_until_all_hang(pid, opened_before, count):
    deadline = time.monotonic() + PATIENCE_S / 4
    while tcp_counters(pid)["ActiveOpens"] - opened_before < count:
        if time.monotonic() > deadline:
            raise BenchError("the storm does not get up")
        time.sleep(0.05)


def weather(bench, recorder, net, source, n_sources):
    """Retransmits, CPU nanoseconds and seconds, while every socket hangs and nothing else
    happens: what it takes to open and close them does not count."""
    sockets, seconds = bench.load.storm_sockets, bench.load.storm_s
    command = ["ip", "netns", "exec", net["NS_A"], bench.traffic, "storm", net["IP_B"], PORT,
               sockets, seconds + 1, source, n_sources]
    opened = tcp_counters(recorder.process.pid)["ActiveOpens"]
    with subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as storm:
        # Before the exec it is in our own namespace, whose counter is another.
        time.sleep(0.2)
        wait_until_all_hang(storm.pid, 0, sockets)
        before, cpu, began = tcp_counters(storm.pid), recorder.cpu_ns(), time.monotonic()
        time.sleep(seconds)
        after, used = tcp_counters(storm.pid), recorder.cpu_ns() - cpu
        lasted = time.monotonic() - began
        storm.wait(PATIENCE_S)
    return after["RetransSegs"] - before["RetransSegs"], used, lasted


def measure_one(bench, name, options, bar):
    n_sources = bench.load.storm_sockets // PER_ADDRESS + 1
    tape = bench.work / "storm.tape"
    with deaf_network(bench, n_sources) as (net, source):
        command = [bench.tcptape, "record", *bench.options, *options, "-o", tape]
        with recording(command, bench.work / "storm.log") as recorder:
            retransmits, cpu_ns, lasted = weather(bench, recorder, net, source, n_sources)
            recorder.stop()
    if not retransmits:
        raise BenchError("nothing was sent again")
    share = cpu_ns / retransmits * RATE / 1e9 * 100
    return [
        alone("storm", f"retransmits/s, {name}", "/s", [retransmits / lasted]),
        alone("storm", f"CPU, {name}", "%", [cpu_ns / lasted / 1e9 * 100]),
        alone("storm", f"CPU at 20k/s, {name}", "%", [share], bar),
        alone("storm", f"lost, {name}", "events", [tcptape_events(bench, tape, "lost")],
              Bar("<=", 0)),
    ]


def measure(bench):
    variants = [("stacks", [], Bar("<=", 1))]
    if "--no-stacks" in run([bench.tcptape, "record", "--help"]):
        variants.append(("no stacks", ["--no-stacks"], Bar("<=", 0.5)))
    with no_idle_cpus(bench):
        return [row for variant in variants for row in measure_one(bench, *variant)]
