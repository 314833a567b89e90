# SPDX-License-Identifier: MIT
"""A firewall between them answers large requests with a RST to the client; the server never sent one and waits."""
import time

from net import Pair, Tape, connect, echo_server, receive_all

N = 15


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "tcp dport 5001 meta length > 600 reject with tcp reset")
        with Tape(x) as t:
            told = p.wait(p.run("a", ask, p.ip["b"], comm="client"))
            time.sleep(1)
            still = p.ss("b", "state", "established", "sport = :5001").count("\n")
            sent = p.nstat("b", "TcpOutRsts")
    x.is_("told", told, {"ConnectionResetError": N, "answered": N})
    x.is_("still established at the server, and RSTs that it sent", (still, sent), (N, 0))
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        # Both ends are on the tape; from the client's alone, the peer may have sent the RSTs.
        x.first(report, "resets", str(N), "port 5001", *(() if options else ("that it did not send",)))
        x.holds("a firewall is named", "firewall" in report["findings"][0]["meaning"])
        x.nothing_else(report)


def ask(ip):
    told = {}
    for i in range(N * 2):
        s = connect(ip, 5001, 5)
        n = 100 if i % 2 else 1000
        try:
            s.sendall(b"q" * n)
            what = "answered" if len(receive_all(s, n)) == n else "eof"
        except OSError as error:
            what = type(error).__name__
        told[what] = told.get(what, 0) + 1
        s.close()
    return told
