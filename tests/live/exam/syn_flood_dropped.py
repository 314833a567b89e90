# SPDX-License-Identifier: MIT
"""A SYN flood fills the queue of unfinished handshakes; there are no cookies, and SYNs are dropped."""
from net import Pair, Tape, connect, echo_server, sh, wait_for
from syn_flood import flood_it

N, BACKLOG = 300, 16


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=0", "net.ipv4.tcp_max_syn_backlog=1024"]) as p:
        sh("ip", "-n", p.ns["b"], "route", "add", "default", "via", p.ip["a"])
        p.run("b", echo_server, p.ip["b"], 5001, BACKLOG, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            x.is_("answered before", p.wait(p.run("a", ask, p.ip["b"], comm="before")), 5)
            p.wait(p.run("a", flood_it, p.ip["b"], N, 0.002, comm="flood"))
            x.is_("answered in the flood", p.wait(p.run("a", ask, p.ip["b"], comm="real")), 0)
            wait_for(lambda: p.nstat("b", "TcpExtTCPSynRetrans") >= BACKLOG, what="SYN-ACKs again")
        dropped = p.nstat("b", "TcpExtTCPReqQFullDrop")
    x.at_least("SYNs dropped, by nstat", dropped, N // 2)
    report = t.report("-L", "5001", "--addr", p.cidr)
    x.first(report, "syn-flood", "SYN flood", "port 5001", "critical", "net.ipv4.tcp_syncookies", str(dropped))
    x.nothing_else(report)


def ask(ip):
    answered = 0
    for _ in range(5):
        try:
            s = connect(ip, 5001, 0.5)
            s.sendall(b"x")
            answered += s.recv(1) == b"x"
            s.close()
        except OSError:
            pass
    return answered
