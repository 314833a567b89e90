# SPDX-License-Identifier: MIT
"""Both ends of 30 connections are on this host, and the client cuts them with a RST: one thing."""
from net import Pair, Tape, connect, listen, receive_all, rst_close


def exam(x):
    with Pair(x) as p, Tape(x) as t:
        server = p.run("b", answer_all, p.ip["b"], 30, comm="server")
        p.wait_listening("b", 8080)
        p.wait(p.run("a", cut_all, p.ip["b"], 30, comm="client"))
        cut = p.wait(server)
        sent = p.nstat("a", "TcpOutRsts")
    x.is_("connections cut, by the server's log", cut, 30)
    x.is_("RSTs sent, by nstat", sent, 30)
    report = t.report("--addr", p.cidr)
    x.first(report, "resets", "30")
    x.nothing_else(report)
    # The same from each end alone.
    x.is_("findings of the client's port alone", len(t.findings("--addr", p.cidr, "-D", "8080")), 1)


def answer_all(ip, n):
    listener = listen(ip, 8080)
    cut = 0
    for _ in range(n):
        c, _ = listener.accept()
        try:
            while True:
                data = c.recv(100)
                if not data:
                    break
                c.sendall(data)
        except ConnectionResetError:
            cut += 1
        c.close()
    return cut


def cut_all(ip, n):
    for _ in range(n):
        c = connect(ip, 8080)
        c.sendall(b"x" * 50)
        receive_all(c, 50)
        rst_close(c)
