# SPDX-License-Identifier: MIT
"""This host's own link loses 3 %: all of eight peers are affected, in both directions."""
from net import Pair, Tape, connect, echo_server, receive_all, sh


def exam(x):
    with Pair(x) as p:
        ips = [f"198.18.{p.number}.{i}" for i in range(10, 18)]
        for ip in ips:
            sh("ip", "-n", p.ns["b"], "addr", "add", ip + "/24", "dev", "lv")
        p.run("b", echo_server, "0.0.0.0", 5001, 128, comm="server")
        p.wait_listening("b", 5001)
        p.rule("a", "numgen random mod 100 < 3 drop")
        p.rule("b", "numgen random mod 100 < 3 drop")
        with Tape(x) as t:
            kids = [p.run("a", ask, ip, comm="client") for ip in ips for _ in range(2)]
            for child in kids:
                p.wait(child)
            again = p.nstat("a", "TcpRetransSegs")
    x.at_least("retransmitted", again, 50)
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "loss", "8 of 8" if options else "9 of 9")
        x.holds("its own link is named", "its own link" in report["findings"][0]["meaning"])
        x.nothing_else(report, may=["tail-loss", "timeouts"])


def ask(ip):
    for _ in range(3):
        s = connect(ip, 5001, 30)
        for _ in range(8):
            s.sendall(b"x" * 20000)
            receive_all(s, 20000)
        s.close()
