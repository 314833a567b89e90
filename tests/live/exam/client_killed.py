# SPDX-License-Identifier: MIT
"""A load generator with 20 connections is killed while answers are under way: nobody else is hurt."""
import signal

from net import Pair, Tape, connect, serve, wait_for

N = 20
ANSWER = b"x" * 20000000


def exam(x):
    with Pair(x) as p:
        p.run("b", server, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            load = p.run("a", generator, p.ip["b"], comm="load")
            wait_for(lambda: unread(p) == N, what="answers that nobody reads")
            p.kill(load)
            wait_for(lambda: not p.ss("b", "state", "established").strip(), what="the end of all connections")
    levels = {"notice", "good"}
    for side in "-D", "-L":
        report = t.report(side, "5001", "--addr", p.cidr)
        x.first(report, "quiet")
        x.has(report, "resets", str(N), "client's program ended" if side == "-L" else "the program ended")
        x.holds(f"{side}: no more than a notice", {f["level"] for f in report["findings"]} <= levels)
    sent = t.json("resets", "-D", "5001", "--addr", p.cidr)
    x.is_("RSTs of the client", {(r["kind"], r.get("comm")) for r in sent}, {("abort", "load")})


def unread(p):
    return sum(int(line.split()[0]) > 0 for line in p.ss("a", "state", "established").splitlines())


def generator(ip):
    held = [connect(ip, 5001) for _ in range(N)]
    for s in held:
        s.sendall(b"GET /")
    signal.pause()


def server(ip):
    serve(ip, 5001, 64, lambda c, data: c.sendall(ANSWER))
