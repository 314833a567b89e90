# SPDX-License-Identifier: MIT
"""Healthy: a pool of idle connections, some older than the tape, is closed by this host."""
from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        old = [p.run("a", pool, p.ip["b"], 5, comm="pool")]
        p.wait_established("a", 5001, 5)
        with Tape(x) as t:
            new = p.run("a", pool, p.ip["b"], 5, comm="pool")
            p.wait_established("a", 5001, 10)
            for child in (*old, new):
                child.tell()
                p.wait(child)
    closed = [row for row in t.json("life", "-D", "5001", "--addr", p.cidr) if row["ended"] == "local-fin"]
    x.is_("connections closed by this host", len(closed), 10)
    x.is_("connects", len(t.json("connects", "--addr", p.cidr, "-D", "5001")), 5)
    x.silent(t.report("--addr", p.cidr))


def pool(child, ip, n):
    held = [connect(ip, 5001) for _ in range(n)]
    child.wait_until_told()
    for s in held:
        s.close()
