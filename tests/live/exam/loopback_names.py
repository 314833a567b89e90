# SPDX-License-Identifier: MIT
"""A name has an IPv6 address where nobody listens: each connect is refused there, and then works over IPv4."""
from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 8080, comm="server")
        p.wait_listening("b", 8080)
        with Tape(x) as t:
            refused = p.wait(p.run("a", calls, [p.ip6["b"], p.ip["b"]], 20, comm="client"))
            only = p.wait(p.run("a", calls, [p.ip6["b"]], 20, comm="only"))
    x.is_("refused", (refused, only), (20, 20))
    mine = ("--addr", f"{p.cidr},{p.cidr6}")
    x.is_("failed", len(t.json("connects", "-x", *mine, "--comm", "client")), 20)
    report = t.report(*mine, "--comm", "client", "-D", "8080")
    x.first(report, "connects", "20 of 20", "refused", "connected to another address")
    x.is_("level", report["findings"][0]["level"], "notice")
    x.nothing_else(report)
    report = t.report(*mine, "--comm", "only", "-D", "8080")
    x.first(report, "connects", "20 of 20", "refused")
    x.is_("level", report["findings"][0]["level"], "critical")


def calls(ips, n):
    refused = 0
    for _ in range(n):
        for ip in ips:
            try:
                connect(ip, 8080, 10).close()
                break
            except ConnectionRefusedError:
                refused += 1
    return refused
