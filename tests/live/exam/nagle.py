# SPDX-License-Identifier: MIT
"""A client writes each request in two parts: Nagle's algorithm and delayed acknowledgements cost 40 ms each."""
import socket
import time

from net import Pair, Tape, listen

N = 40


def exam(x):
    with Pair(x) as p:
        p.run("b", server, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, "-p", "bytes") as t:
            slow = p.wait(p.run("a", ask, p.ip["b"], False, comm="client"))
    x.at_least("requests that took 35 ms or more, by the client", slow, N * 3 // 4)
    for options, words in (((), "client"), (("-D", "5001"), "client"), (("-L", "5001"), "server")):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "nagle", "port 5001", "delayed acknowledgement", "TCP_NODELAY", words)
        x.nothing_else(report)
    # The same, but the client sets TCP_NODELAY.
    with Pair(x) as p:
        p.run("b", server, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, "-p", "bytes", name="healthy") as t:
            p.wait(p.run("a", ask, p.ip["b"], True, comm="client"))
    x.silent(t.report("--addr", p.cidr))


def receive_all(s, n):
    got = 0
    while got < n:
        data = s.recv(n - got)
        if not data:
            return False
        got += len(data)
    return True


def server(ip):
    listener = listen(ip, 5001)
    while True:
        c, _ = listener.accept()
        # The kernel acknowledges the first segments of a connection at once.
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        while receive_all(c, 20):
            c.sendall(b"a" * 10)
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        c.close()


def ask(ip, is_nodelay):
    s = socket.create_connection((ip, 5001))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, is_nodelay)
    slow = 0
    for _ in range(N):
        began = time.monotonic()
        s.sendall(b"q" * 10)
        s.sendall(b"q" * 10)
        receive_all(s, 10)
        slow += time.monotonic() - began >= 0.035
    s.close()
    return slow
