# SPDX-License-Identifier: MIT
"""The SYN storm: many connects at once that nobody answers, so that each retransmits its SYN."""
import contextlib
import os
import pathlib
import subprocess
import time

from .record import tcptape_events
from .run import PATIENCE_S, BenchError, no_idle_cpus, recording, run
from .table import Bar, alone

PORT = 5002
# How many of the 28,000 ports of an address are used: when few are free, the kernel searches long
# for one.
PORTS_PER_ADDRESS = 8000
# After this time the events of the last connects are on the tape.
CALM_S = 1.2
# The share of a CPU is scaled to this rate of retransmissions. If the measured rate is far below,
# the result is too great, because the recorder also uses CPU time when nothing happens.
RATE = 20000


def n_addresses(sockets):
    return sockets // PORTS_PER_ADDRESS + 1


@contextlib.contextmanager
def deaf_network(bench, sockets):
    """Makes two network namespaces, the second of which drops what it receives at PORT. Yields
    them and the first address to connect from."""
    script, name = bench.top / "scripts/lossy-net", f"tb{os.getpid()}"
    try:
        out = run([script, "up", name])
        net = dict(pair.split("=") for pair in out.split())
        prefix = net["NET4"].removesuffix(".0.0/16")
        for i in range(n_addresses(sockets)):
            run(["ip", "-n", net["NS_A"], "addr", "add", f"{prefix}.78.{i + 1}/16", "dev", "lv"])
        run([script, "drop", name, "b", "tcp", "dport", PORT])
        yield net, f"{prefix}.78.1"
    finally:
        subprocess.run([str(script), "down", name], stdin=subprocess.DEVNULL, check=False)


def tcp_counters(pid):
    """The kernel's TCP counters of the network namespace of a process."""
    lines = pathlib.Path(f"/proc/{pid}/net/snmp").read_text().splitlines()
    names, values = (text.split()[1:] for text in lines if text.startswith("Tcp:"))
    return dict(zip(names, map(int, values)))


def wait_until_all_hang(pid, count):
    deadline = time.monotonic() + PATIENCE_S / 4
    while tcp_counters(pid)["ActiveOpens"] < count:
        if time.monotonic() > deadline:
            raise BenchError("the storm does not get up")
        time.sleep(0.05)


def weather(bench, recorder, sockets, net, source):
    """Retransmissions, CPU nanoseconds and seconds while every socket waits for an answer.
    Opening and closing the sockets does not count."""
    seconds = bench.load.storm_s
    command = ["ip", "netns", "exec", net["NS_A"], bench.traffic, "storm", net["IP_B"], PORT,
               sockets, seconds + 3, source, n_addresses(sockets)]
    with subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as storm:
        # Before that, `ip` is still in our own namespace, which has other counters.
        time.sleep(0.2)
        wait_until_all_hang(storm.pid, sockets)
        time.sleep(CALM_S)
        before, cpu, began = tcp_counters(storm.pid), recorder.cpu_ns(), time.monotonic()
        time.sleep(seconds)
        after, used = tcp_counters(storm.pid), recorder.cpu_ns() - cpu
        lasted = time.monotonic() - began
        storm.wait(PATIENCE_S)
    return after["RetransSegs"] - before["RetransSegs"], used, lasted


def measure_one(bench, sockets, how, options, bar):
    name = f"{sockets // 1000}k {how}"
    tape = bench.work / "storm.tape"
    with deaf_network(bench, sockets) as (net, source):
        command = [bench.tcptape, "record", *bench.options, *options, "-o", tape]
        with recording(command, bench.work / "storm.log") as recorder:
            retransmits, cpu_ns, lasted = weather(bench, recorder, sockets, net, source)
            recorder.stop()
    if not retransmits:
        raise BenchError("nothing was retransmitted")
    share = cpu_ns / retransmits * RATE / 1e9 * 100
    return [
        alone("storm", f"rate, {name}", "/s", [retransmits / lasted]),
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
        return [row for sockets in bench.load.storm_sockets for variant in variants
                for row in measure_one(bench, sockets, *variant)]
