# SPDX-License-Identifier: MIT
"""On a way of 200 ms a program waits 150 ms for its connects: all are given up, though the server answers."""
from net import Pair, Tape, Wire, connect, echo_server


def exam(x):
    with Pair(x) as p:
        wire = Wire(p, lambda *_: [0.1])
        p.run("b", echo_server, wire.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            given_up = 20 - p.wait(p.run("a", ask, wire.ip["b"], 0.15, 20, comm="hasty"))
            x.is_("answered", p.wait(p.run("a", ask, wire.ip["b"], 5, 5, comm="patient")), 5)
    for options in (), ("-D", "5001"):
        report = t.report("--addr", wire.cidr, *options)
        x.first(report, "unreachable", f"{given_up} of 25", "timeout that is too short")
        x.holds("no more than a notice", report["findings"][0]["level"] == "notice")
        x.nothing_else(report)
    for options in ("--comm", "patient"), ("-L", "5001"):
        x.silent(t.report("--addr", wire.cidr, *options))


def ask(ip, timeout, n):
    ok = 0
    for _ in range(n):
        try:
            s = connect(ip, 5001, timeout)
            s.settimeout(5)
            s.sendall(b"x")
            ok += s.recv(1) == b"x"
            s.close()
        except OSError:
            pass
    return ok
