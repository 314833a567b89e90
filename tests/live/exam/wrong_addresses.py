# SPDX-License-Identifier: MIT
"""A name has three addresses: one answers, nobody has the second, a router says the third is unreachable."""
import time

from net import Pair, Tape, connect, echo_server, sh


def exam(x):
    with Pair(x) as p:
        gone, refused = f"198.18.{p.number}.77", f"198.19.{p.number}.9"
        sh("ip", "-n", p.ns["a"], "route", "add", "default", "via", p.ip["b"])
        p.set("b", "net.ipv4.ip_forward=1")
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            told = p.wait(p.run("a", ask, [gone, refused, p.ip["b"]], comm="resolver"))
    x.is_("answered", told.get((p.ip["b"], "ok")), 4)
    both = f"{p.cidr},198.19.{p.number}.0/24"
    report = t.report("--addr", both)
    x.holds("nobody at the address that is gone has answered", "Others were answered" not in str(report["findings"]))
    x.has(report, "unreachable", f"{gone}:5001")
    x.nothing_else(report, may=["unreachable", "connects"])
    x.is_("blamed", [f["title"] for f in report["findings"] if p.ip["b"] + ":" in f["title"]], [])
    x.silent(t.report("--addr", p.ip["b"]))


def ask(ips):
    told = {}
    for _ in range(4):
        for ip in ips:
            try:
                connect(ip, 5001, 0.8).close()
                what = "ok"
            except OSError as error:
                what = str(error)
            told[ip, what] = told.get((ip, what), 0) + 1
        time.sleep(0.1)
    return told
