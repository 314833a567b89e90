# SPDX-License-Identifier: MIT
"""This host's own firewall rejects six connects; twelve more fail without any event (no route)."""
import errno

from net import Pair, Tape, connect, echo_server, sh


def exam(x):
    with Pair(x) as p:
        for route in "unreachable 10.93.0.0/24", "prohibit 10.93.1.0/24", "blackhole 10.93.2.0/24":
            sh("ip", "-n", p.ns["a"], "route", "add", *route.split())
        p.rule("a", "tcp dport 99 reject with icmp type admin-prohibited", "out")
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            rejected = p.wait(p.run("a", fails, p.ip["b"], 99, 6, comm="rejected"))
            silent = [p.wait(p.run("a", fails, ip, 80, 3, comm="noroute"))
                      for ip in ("10.93.0.1", "10.93.1.1", "10.93.2.1", "10.94.0.1")]
            p.wait(p.run("a", fails, p.ip["b"], 5001, 5, comm="healthy"))
    x.is_("rejected", rejected, [errno.EHOSTUNREACH] * 6)
    x.is_("no route", silent, [[e] * 3 for e in (errno.EHOSTUNREACH, errno.EACCES, errno.EINVAL,
                                                 errno.ENETUNREACH)])
    rows = t.json("connects", "-x", "--addr", p.cidr)
    x.is_("failed", [(r["result"], r["why"]) for r in rows], [("unreachable", "ICMP error")] * 6)
    x.is_("without an event", t.json("connects", "--comm", "noroute"), [])
    help_text = t.out("connects", "--help")
    x.holds("the help says which leave no event", "leave no event" in help_text and "no route" in help_text)
    report = t.report("--addr", p.cidr, "-D", "99")
    x.first(report, "connects", "6 of 6", "unreachable")
    x.nothing_else(report)
    x.is_("--fail-if", t.status("report", "--fail-if", "connect_failures>5", "--addr", p.cidr), 4)
    x.silent(t.report("--addr", p.cidr, "-D", "5001"))
    x.silent(t.report("--addr", p.cidr, "-L", "5001"))


def fails(ip, port, n):
    errors = []
    for _ in range(n):
        try:
            connect(ip, port, 10).close()
        except OSError as error:
            errors.append(error.errno)
    return errors
