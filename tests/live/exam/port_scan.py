# SPDX-License-Identifier: MIT
"""Somebody scans 300 closed ports, beside a health check of one port whose server is down."""
from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x) as p, Tape(x) as t:
        checker = p.run("a", call, p.ip["b"], [8080] * 15, comm="check")
        refused = p.wait(p.run("a", call, p.ip["b"], range(7000, 7300), comm="scan"))
        p.wait(checker)
        resets = p.nstat("b", "TcpOutRsts")
    x.is_("refused, RSTs", (refused, resets), (300, 315))
    report = t.report("--addr", p.cidr)
    x.has(report, "scan", "300", p.ip["b"])
    x.has(report, "connects", "15", "8080")
    for f in report["findings"]:
        x.judge("false", f["id"] in ("scan", "connects", "resets"), f"{f['id']}: {f['title']}")
    # A client of many places that are there.
    with Pair(x) as p:
        ports = range(6000, 6025)
        for port in ports:
            p.run("b", echo_server, p.ip["b"], port, comm="server")
        p.wait_listening("b", *ports)
        with Tape(x, name="healthy") as t:
            x.is_("refused", p.wait(p.run("a", call, p.ip["b"], ports, comm="client")), 0)
    x.silent(t.report("--addr", p.cidr))


def call(ip, ports):
    refused = 0
    for port in ports:
        try:
            connect(ip, port, 5).close()
        except ConnectionRefusedError:
            refused += 1
    return refused
