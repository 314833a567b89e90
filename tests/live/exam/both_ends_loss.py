# SPDX-License-Identifier: MIT
"""Data is lost between two namespaces of this host: only its sender lost anything."""
from net import Pair, Tape, connect, sink_server, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="sink")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            p.rule("b", "tcp dport 5001 tcp flags & syn == 0 numgen random mod 100 < 4 drop")
            sender = p.run("a", send, p.ip["b"], comm="sender")
            p.wait(sender)
            wait_for(lambda: not p.ss("a", "state", "fin-wait-1"), what="the last acknowledgement")
            again = p.nstat("a", "TcpRetransSegs")
            others = p.nstat("b", "TcpRetransSegs")
    x.at_least("segments sent again, by nstat", again, 30)
    report = t.report("--addr", p.cidr)
    x.first(report, "loss", p.ip["b"])
    x.nothing_else(report, may=["timeouts", "tail-loss", "stalled"] if others == 0 else ["timeouts"])
    x.is_("peers that the loss is told of",
          [f["evidence"].get("peer") for f in report["findings"] if f["id"] == "loss"], [p.ip["b"]])


def send(ip):
    c = connect(ip, 5001)
    for _ in range(40):
        c.sendall(b"x" * 50000)
    c.close()
