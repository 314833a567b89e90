# SPDX-License-Identifier: MIT
"""Healthy: bursts of clients come to a busy server whose backlog is long enough."""
from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, 512, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            answers = [p.wait(p.run("a", burst, p.ip["b"], 5001, 60)) for _ in range(5)]
        overflows = p.nstat("b", "TcpExtListenOverflows")
    x.is_("answers", answers, [60] * 5)
    x.is_("overflows", overflows, 0)
    x.silent(t.report("--addr", p.cidr))


def burst(ip, port, n):
    sockets = [connect(ip, port) for _ in range(n)]
    for s in sockets:
        s.sendall(b"x")
    answers = sum(len(s.recv(1)) for s in sockets)
    for s in sockets:
        s.close()
    return answers
