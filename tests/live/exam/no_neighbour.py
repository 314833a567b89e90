# SPDX-License-Identifier: MIT
"""No host has that address on the same network: six connects fail with EHOSTUNREACH after three seconds."""
import errno

from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        nobody = p.ip["b"].rsplit(".", 1)[0] + ".99"
        with Tape(x) as t:
            callers = [p.run("a", calls, nobody, 2, comm="caller") for _ in range(3)]
            p.wait(p.run("a", calls, p.ip["b"], 5, comm="healthy"))
            errors = sum((p.wait(c) for c in callers), [])
    x.is_("errors", errors, [errno.EHOSTUNREACH] * 6)
    rows = t.json("connects", "-x", "-w", "--addr", p.cidr)
    x.is_("failed", [(r["result"], r["err_name"], r["why"]) for r in rows],
          [("unreachable", "EHOSTUNREACH", "ICMP error")] * 6)
    report = t.report("--addr", p.cidr)
    x.first(report, "connects", "6 of 6", "unreachable")
    x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "--comm", "healthy"))


def calls(ip, n):
    errors = []
    for _ in range(n):
        try:
            connect(ip, 5001).close()
        except OSError as error:
            errors.append(error.errno)
    return errors
