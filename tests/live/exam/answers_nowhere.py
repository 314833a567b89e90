# SPDX-License-Identifier: MIT
"""Clients of one network call, and the answers go nowhere: a server with a wrong route back, others are well."""
import time

from net import Pair, Tape, connect, echo_server, sh


def exam(x):
    with Pair(x) as p:
        far = f"198.19.{p.number}.1"
        sh("ip", "-n", p.ns["a"], "addr", "add", far + "/32", "dev", "lo")
        p.set("b", "net.ipv4.conf.all.rp_filter=0")
        p.set("b", "net.ipv4.conf.lv.rp_filter=0")
        sh("ip", "-n", p.ns["b"], "route", "add", f"198.19.{p.number}.0/24", "via", f"198.18.{p.number}.250")
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            kids = [p.run("a", ask, p.ip["b"], far, 3, comm="farclient") for _ in range(5)]
            kids.append(p.run("a", ask, p.ip["b"], p.ip["a"], 50, comm="near"))
            answered = [p.wait(child) for child in kids]
    x.is_("answered, and not", answered, [(0, 3)] * 5 + [(50, 0)])
    both = f"{p.cidr},198.19.{p.number}.0/24"
    for options in (), ("-L", "5001"):
        report = t.report("--addr", both, *options)
        x.first(report, "backlog", "not completed", "15", far)
        x.nothing_else(report)
    report = t.report("--addr", both, "-D", "5001")
    x.first(report, "unreachable", "15 of 65")
    x.nothing_else(report)


def ask(ip, src, n):
    ok = bad = 0
    for _ in range(n):
        try:
            s = connect(ip, 5001, 2, src=src)
            s.sendall(b"x")
            ok += s.recv(1) == b"x"
            s.close()
        except OSError:
            bad += 1
        time.sleep(0.03)
    return ok, bad
