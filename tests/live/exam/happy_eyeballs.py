# SPDX-License-Identifier: MIT
"""Healthy: the IPv6 address of a name is dead, and a program that races both addresses does not mind."""
import select
import socket
import time

from net import Pair, Tape, Wire, connect, new_socket, sink_server


def exam(x):
    with Pair(x) as p:
        far = Wire(p, lambda i, packet, side, seconds: [0.3])
        for ip in p.ip["b"], far.ip["b"], p.ip6["b"]:
            p.run("b", sink_server, ip, 443, comm="server")
            p.wait_listening("b", 443)
        p.rule("b", "ip6 daddr " + p.ip6["b"] + " tcp dport 443 drop")
        with Tape(x) as t:
            won = p.wait(p.run("a", race, p.ip6["b"], p.ip["b"], 8, comm="fast"))
            won += p.wait(p.run("a", race, p.ip6["b"], far.ip["b"], 4, comm="slow"))
            won += p.wait(p.run("a", one_by_one, p.ip6["b"], p.ip["b"], 4, comm="sequential"))
            p.wait(p.run("a", patient, p.ip6["b"], 3, comm="patient"))
    x.is_("won", won, 16)
    mine = ("--addr", f"{p.cidr},{p.cidr6},{far.cidr}")
    for comm, n in ("fast", 8), ("slow", 4), ("sequential", 4):
        rows = t.json("connects", *mine, "--comm", comm)
        x.is_(f"{comm}: results", sorted(r["result"] for r in rows), ["ok"] * n + ["superseded"] * n)
        x.is_(f"{comm}: failed", t.json("connects", "-x", *mine, "--comm", comm), [])
        x.is_(f"{comm}: --fail-if",
              t.status("report", "--fail-if", "connect_failures>0", *mine, "--comm", comm), 0)
        x.silent(t.report(*mine, "--comm", comm))
    # A program that has no other address sees that the first one is dead.
    report = t.report(*mine, "--comm", "patient")
    x.first(report, "unreachable", "3 of 3", "given up by the process")
    x.nothing_else(report)


def race(dead, alive, n):
    """The second attempt begins 250 ms after the first (RFC 8305, 5); the loser is closed."""
    won = 0
    for _ in range(n):
        first, second = new_socket(dead), new_socket(alive)
        for s in first, second:
            s.setblocking(False)
        first.connect_ex((dead, 443))
        if not select.select([], [first], [], 0.25)[1]:
            second.connect_ex((alive, 443))
        ready = select.select([], [first, second], [], 10)[1]
        first.close()
        won += second in ready and not second.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        second.close()
    return won


def one_by_one(dead, alive, n):
    """Gives up the first address before it tries the second."""
    won = 0
    for _ in range(n):
        try:
            connect(dead, 443, 0.25).close()
        except OSError:
            s = connect(alive, 443, 10)
            won += 1
            s.close()
    return won


def patient(dead, n):
    for _ in range(n):
        try:
            connect(dead, 443, 0.25)
        except OSError:
            time.sleep(0.6)
