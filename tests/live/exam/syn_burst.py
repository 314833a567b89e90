# SPDX-License-Identifier: MIT
"""Healthy: more clients come at once, over a long way, than the backlog takes; cookies answer them."""
import os
import socket
import time

from net import Pair, Tape, Wire, serve

N, BACKLOG = 120, 20


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=1"]) as p:
        wire = Wire(p, lambda *_: [0.4])
        p.run("b", prompt_server, wire.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            x.is_("answered", p.wait(p.run("a", come, wire.ip["b"], comm="clients")), N)
        sent, returned = p.nstat("b", "TcpExtSyncookiesSent", "TcpExtSyncookiesRecv")
        overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("cookies sent, by nstat", sent, N // 4)
    x.is_("overflows", overflows, 0)
    report = t.report("-L", "5001", "--addr", wire.cidr)
    found = [(f["id"], f["level"]) for f in report["findings"]]
    x.judge("false", found == [("quiet", "good"), ("syn-flood", "notice")], f"healthy: {found}")
    x.has(report, "syn-flood", "no SYN flood")
    evidence = report["findings"][-1]["evidence"]
    x.is_("cookies", (evidence.get("cookies_sent"), evidence.get("cookies_returned")), (sent, returned))


def prompt_server(ip):
    """Accepts at once, however busy the host is."""
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    serve(ip, 5001, BACKLOG, lambda c, data: c.sendall(data))


def come(ip):
    """Connects one client each 10 ms: 80 of them wait for the answer to their SYN at a time."""
    held = []
    for _ in range(N):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((ip, 5001))
        held.append(s)
        time.sleep(0.01)
    answered = 0
    for s in held:
        s.setblocking(True)
        s.settimeout(20)
        s.sendall(b"x")
        answered += s.recv(1) == b"x"
        s.close()
    return answered
