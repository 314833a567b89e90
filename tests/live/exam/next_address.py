# SPDX-License-Identifier: MIT
"""The first server of a list is dead: each connect gives it up after 200 ms and goes to the next one."""
from net import Pair, Tape, connect, sh, sink_server


def exam(x):
    with Pair(x) as p:
        dead = p.ip["b"][:-1] + "9"
        sh("ip", "-n", p.ns["b"], "addr", "add", dead + "/24", "dev", "lv")
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", f"ip daddr {dead} tcp dport 5001 drop")
        with Tape(x) as t:
            given_up = p.wait(p.run("a", calls, [dead, p.ip["b"]], 10, comm="client"))
            p.wait(p.run("a", calls, [p.ip["b"]], 10, comm="healthy"))
    x.is_("given up", given_up, 10)
    client = ("--addr", p.cidr, "--comm", "client")
    x.is_("failed", [(r["result"], r["instead"]) for r in t.json("connects", "-x", *client)],
          [("aborted", p.ip["b"])] * 10)
    report = t.report(*client)
    x.first(report, "unreachable", "10 of 10", "given up by the process", "connected to another address")
    x.is_("level", report["findings"][0]["level"], "notice")
    x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "--comm", "healthy"))
    x.silent(t.report("--addr", p.cidr, "-L", "5001"))


def calls(ips, n):
    given_up = 0
    for _ in range(n):
        for ip in ips:
            try:
                connect(ip, 5001, 0.2 if len(ips) > 1 and ip == ips[0] else 20).close()
                break
            except TimeoutError:
                given_up += 1
    return given_up
