# SPDX-License-Identifier: MIT
"""Healthy: every packet arrives twice, SYNs too; nothing is lost, and nothing is late."""
from net import Pair, Tape, Wire, connect, echo_server, receive_all


def exam(x):
    with Pair(x) as p:
        wire = Wire(p, lambda *_: [0.002, 0.0022])
        p.run("b", echo_server, wire.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            x.is_("answered", p.wait(p.run("a", ask, wire.ip["b"], comm="client")), 15)
        twice = p.nstat("a", "TcpExtTCPDSACKRecv")
    x.at_least("segments that arrived twice", twice, 100)
    for options in (), ("-L", "5001"), ("-D", "5001"):
        report = t.report("--addr", wire.cidr, *options)
        # The second copies of last segments are answered with RSTs, which is worth a notice.
        x.is_("findings", [(f["id"], f["level"]) for f in report["findings"]
                           if (f["id"], f["level"]) not in (("quiet", "good"), ("resets", "notice"))], [])


def ask(ip):
    answered = 0
    for _ in range(15):
        s = connect(ip, 5001, 20)
        s.sendall(b"x" * 20000)
        answered += len(receive_all(s, 20000)) == 20000
        s.close()
    return answered
