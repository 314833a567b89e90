# SPDX-License-Identifier: MIT
"""Fifteen of 25 connects find no local port (EADDRNOTAVAIL): the range has ten, and they stay open."""
import errno

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x, sysctls=["net.ipv4.ip_local_port_range=40000 40009", "net.ipv4.tcp_tw_reuse=0"]) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            errors = p.wait(p.run("a", connects, p.ip["b"], 25, comm="portless"))
            healthy = p.wait(p.run("b", connects, p.ip["b"], 5, comm="healthy"))
    x.is_("errors", (errors, healthy), ([errno.EADDRNOTAVAIL] * 15, []))
    client = ("--addr", p.cidr, "--comm", "portless")
    rows = t.json("connects", "-x", "-w", *client)
    x.is_("failed", [(r["result"], r["err_name"], r["why"]) for r in rows],
          [("local", "EADDRNOTAVAIL", "no local port")] * 15)
    totals = [r for r in t.json("connects", "-c", *client) if r["table"] == "destinations"]
    x.is_("counts", [(r["attempts"], r["established"], r["failed"]) for r in totals], [(25, 10, 15)])
    x.is_("--fail-if", t.status("report", "--fail-if", "connect_failures>14", *client), 4)
    x.is_("--fail-if", t.status("report", "--fail-if", "connect_failures>15", *client), 0)
    report = t.report("--addr", p.cidr, "-D", "5001", "--comm", "portless")
    x.first(report, "connects", "15", "no local port", "EADDRNOTAVAIL")
    x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "-L", "5001"))
    x.silent(t.report("--addr", p.cidr, "--comm", "healthy", "-D", "5001"))


def connects(ip, n):
    held, errors = [], []
    for _ in range(n):
        try:
            held.append(connect(ip, 5001, 5))
        except OSError as error:
            errors.append(error.errno)
    return errors
