# SPDX-License-Identifier: MIT
"""The way back loses half of the SYN-ACKs: connects take a second, and the server sends its answers again."""
import time

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, 512, comm="server")
        p.wait_listening("b", 5001)
        p.rule("a", "tcp sport 5001 tcp flags & (syn|ack) == syn|ack numgen inc mod 2 == 0 drop")
        with Tape(x) as t:
            children = [p.run("a", ask, p.ip["b"], 3, comm="client") for _ in range(10)]
            slow = sum(p.wait(child) for child in children)
            overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("connects of a second or more", slow, 5)
    x.is_("overflows", overflows, 0)
    for options in (), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "backlog", "completed late", "port 5001")
        x.nothing_else(report)
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "slow-connects", "of 30", f"{p.ip['b']}:5001")
    x.nothing_else(report)


def ask(ip, n):
    slow = 0
    for _ in range(n):
        began = time.monotonic()
        s = connect(ip, 5001, 30)
        slow += time.monotonic() - began >= 0.9
        s.sendall(b"x")
        s.recv(1)
        s.close()
        time.sleep(0.05)
    return slow
