# SPDX-License-Identifier: MIT
"""SYN-ACKs are lost between two namespaces of this host: connects that take seconds, told once."""
import time

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x) as p, Tape(x) as t:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        # Every second answer is lost, so that a client repeats its SYN after a second.
        p.rule("a", "tcp sport 5001 tcp flags & (syn | ack) == (syn | ack) numgen inc mod 2 0 drop")
        callers = [p.run("a", call, p.ip["b"], comm="client") for _ in range(12)]
        took = [p.wait(c) for c in callers]
        again = p.nstat("a", "TcpExtTCPSynRetrans")
    slow = sum(s >= 0.9 for s in took)
    x.at_least("slow connects, by the clients' clocks", slow, 4)
    x.at_least("SYNs sent again, by nstat", again, slow)
    report = t.report("--addr", p.cidr)
    x.is_("findings", len(report["findings"]), 1)
    x.holds("it is about the connects", report["findings"][0]["id"] in ("backlog", "slow-connects"))


def call(ip):
    begin = time.monotonic()
    connect(ip, 5001, timeout=20).close()
    return time.monotonic() - begin
