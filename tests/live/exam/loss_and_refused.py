# SPDX-License-Identifier: MIT
"""Two troubles at a time: every connect to one port is refused, and another port loses 3 % of its packets."""
import time

from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "tcp dport 5001 meta length > 200 numgen random mod 100 < 3 drop")
        with Tape(x) as t:
            children = [p.run("a", push, p.ip["b"], comm="sender") for _ in range(3)]
            children.append(p.run("a", refused, p.ip["b"], comm="lost"))
            n = [p.wait(child) for child in children][-1]
            again = p.nstat("a", "TcpRetransSegs")
    x.is_("refused", n, 30)
    x.at_least("retransmitted", again, 30)
    report = t.report("--addr", p.cidr)
    x.first(report, "connects", str(n), "5002", "refused")
    x.has(report, "loss", p.ip["b"])
    x.nothing_else(report, may=["loss", "tail-loss", "timeouts"])


def push(ip):
    s = connect(ip, 5001, 30)
    for _ in range(200):
        s.sendall(b"x" * 10000)
        time.sleep(0.005)
    s.close()
    time.sleep(0.5)


def refused(ip):
    n = 0
    for _ in range(30):
        try:
            connect(ip, 5002, 5)
        except ConnectionRefusedError:
            n += 1
        time.sleep(0.05)
    return n
