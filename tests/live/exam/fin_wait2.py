# SPDX-License-Identifier: MIT
"""Sockets that their program has closed wait in FIN_WAIT2 for a server that never closes, before the tape and on it."""
import time

from net import Pair, Tape, connect, listen, wait_for

BEFORE, DURING = 2, 5


def exam(x):
    with Pair(x) as p:
        p.run("b", hold, p.ip["b"], comm="holder")
        p.wait_listening("b", 5001)
        p.wait(p.run("a", close, p.ip["b"], BEFORE, comm="early"))
        wait_for(lambda: waiting(p) == BEFORE, what="sockets in FIN_WAIT2")
        with Tape(x) as t:
            client = p.run("a", close, p.ip["b"], DURING, comm="client")
            p.wait(client)
            began = time.monotonic()
            wait_for(lambda: waiting(p) == BEFORE + DURING, what="sockets in FIN_WAIT2")
            time.sleep(1)
            waited = time.monotonic() - began
        truth = waiting(p)
    a = ("--addr", p.cidr, "-D", "5001")
    x.is_("left in FIN_WAIT2, by ss", truth, BEFORE + DURING)
    x.is_("by the table", [r.get("open") for r in t.json("states", "-c", *a) if r["state"] == "FIN_WAIT2"], [truth])
    rows = [r for r in t.json("states", "-o", *a) if "newstate" not in r and r["oldstate"] == "FIN_WAIT2"]
    x.is_("who had them", sorted(str(r.get("comm")) for r in rows), ["None"] * BEFORE + ["client"] * DURING)
    for r in rows:
        if "comm" in r:
            x.holds(f"waited {r['duration_ns'] / 1e9} of {waited + 2} s", 0.9 <= r["duration_ns"] / 1e9 <= waited + 2)
    # The peer that never closes is the server; nobody lost anything.
    x.lacks(t.report(*a), "stalled")


def waiting(p):
    return len(p.x("a", "ss", "-Htn", "state", "fin-wait-2").splitlines())


def hold(ip):
    listener, held = listen(ip, 5001), []
    while True:
        held.append(listener.accept()[0])


def close(ip, n):
    for _ in range(n):
        with connect(ip, 5001) as s:
            s.sendall(b"x" * 100)
