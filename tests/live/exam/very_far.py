# SPDX-License-Identifier: MIT
"""Healthy: a way of 1.2 s, longer than the first timeout: SYNs and SYN-ACKs go twice, and nothing is lost."""
from net import Pair, Tape, Wire, connect, echo_server, receive_all


def exam(x):
    with Pair(x) as p:
        wire = Wire(p, lambda *_: [0.6])
        p.run("b", echo_server, wire.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            for child in [p.run("a", calls, wire.ip["b"], comm="client") for _ in range(20)]:
                p.wait(child)
        again = p.nstat("a", "TcpExtTCPSynRetrans"), p.nstat("b", "TcpExtTCPSynRetrans")
    x.at_least("SYNs and SYN-ACKs sent again", min(again), 10)
    x.silent(t.report("--addr", wire.cidr, "-D", "5001"))
    x.silent(t.report("--addr", wire.cidr, "-L", "5001"))
    x.silent(t.report("--addr", wire.cidr))


def calls(ip):
    s = connect(ip, 5001)
    s.sendall(b"x" * 100)
    receive_all(s, 100)
    s.close()
