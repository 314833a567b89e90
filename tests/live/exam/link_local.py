# SPDX-License-Identifier: MIT
"""A server at an IPv6 link-local address: loss to it is told with that address."""
import socket
import time

from net import Pair, Tape, wait_for


def exam(x):
    with Pair(x) as p:
        ip = wait_for(lambda: address(p), what="a link-local address")
        p.run("b", sink, ip, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, name="healthy") as t:
            p.wait(p.run("a", push, ip, 20, comm="client"))
        x.is_("connects", len(t.json("connects", "--addr", ip)), 3)
        x.is_("life", len(t.json("life", "--addr", "fe80::/10", "-D", "5001", "--comm", "client")), 3)
        x.silent(t.report("--addr", ip))
        p.rule("b", "tcp dport 5001 meta length > 200 numgen random mod 100 < 5 drop")
        with Tape(x) as t:
            p.wait(p.run("a", push, ip, 100, comm="client"))
    report = t.report("--addr", ip, "-D", "5001")
    x.first(report, "loss", ip)
    x.nothing_else(report, may=["tail-loss", "timeouts"])


def address(p):
    shown = p.x("b", "ip", "-6", "-o", "addr", "show", "dev", "lv", "scope", "link", "-tentative").split()
    return shown[3].split("/")[0] if len(shown) > 3 else None


def place(ip):
    return ip, 5001, 0, socket.if_nametoindex("lv")


def sink(ip):
    listener = socket.socket(socket.AF_INET6)
    listener.bind(place(ip))
    listener.listen(8)
    while True:
        c, _ = listener.accept()
        while c.recv(65536):
            pass
        c.close()


def push(ip, n):
    for _ in range(3):
        s = socket.socket(socket.AF_INET6)
        s.connect(place(ip))
        for _ in range(n):
            s.sendall(b"x" * 10000)
            time.sleep(0.003)
        s.close()
