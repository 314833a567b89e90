# SPDX-License-Identifier: MIT
"""A SYN flood fills the queue of unfinished handshakes; SYN cookies answer it, and 20 real clients."""
from net import Pair, Tape, echo_server, sh, wait_for
from syn_flood import ask, flood_it

N, BACKLOG = 2000, 64


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=1"]) as p:
        sh("ip", "-n", p.ns["b"], "route", "add", "default", "via", p.ip["a"])
        p.run("b", echo_server, p.ip["b"], 5001, BACKLOG, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            flood = p.run("a", flood_it, p.ip["b"], N, 0.001, comm="flood")
            real = p.run("a", ask, p.ip["b"], comm="real")
            p.wait(flood)
            answered = p.wait(real)
            wait_for(lambda: p.nstat("b", "TcpExtTCPSynRetrans") >= BACKLOG, what="SYN-ACKs again")
        sent, returned = p.nstat("b", "TcpExtSyncookiesSent", "TcpExtSyncookiesRecv")
    x.is_("answered", answered, 20)
    x.at_least("cookies sent, by nstat", sent, N // 2)
    for options in (), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "syn-flood", "SYN flood", "port 5001", "server", "network")
        x.nothing_else(report)
        evidence = report["findings"][0]["evidence"]
        x.is_("cookies", (evidence.get("cookies_sent"), evidence.get("cookies_returned", 0)), (sent, returned))
    x.silent(t.report("-D", "5001", "--addr", p.cidr))
