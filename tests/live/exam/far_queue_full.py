# SPDX-License-Identifier: MIT
"""Seen from the client alone: a server accepts nothing more, and its full queue drops handshakes and data."""
import socket
import time

from net import Pair, Tape, connect, echo_server, listen


def exam(x):
    with Pair(x) as p:
        p.run("b", deaf, p.ip["b"], comm="deaf")
        p.run("b", echo_server, p.ip["b"], 5002, comm="server")
        p.wait_listening("b", 5001, 5002)
        with Tape(x, "--rport", "5001,5002") as t:
            asker = p.run("a", ask, p.ip["b"], comm="asker")
            x.is_("answered by the healthy port", p.wait(p.run("a", healthy, p.ip["b"], comm="healthy")), 20)
            p.wait(asker)
        overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("overflows, by the server's nstat", overflows, 3)
    report = t.report("--addr", p.cidr)
    # From here a full queue looks like a firewall that limits new connections.
    x.first(report, "unreachable", "6 of 9", f"{p.ip['b']}:5001", "its queue is full")
    x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "-D", "5002"))


def deaf(ip):
    listener = listen(ip, 5001, 2)
    time.sleep(100)
    listener.close()


def ask(ip):
    held = []
    for _ in range(9):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((ip, 5001))
        held.append(s)
        time.sleep(0.05)
        try:
            s.send(b"GET /")
        except OSError:
            pass
    time.sleep(5)


def healthy(ip):
    answered = 0
    for _ in range(20):
        s = connect(ip, 5002, 5)
        s.sendall(b"x")
        answered += s.recv(1) == b"x"
        s.close()
        time.sleep(0.05)
    return answered
