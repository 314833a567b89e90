# SPDX-License-Identifier: MIT
"""A host is gone: data, a shut window, a user timeout and a FIN that nobody acknowledges, and keepalive."""
import socket
import time

from net import Pair, Tape, connect, listen, wait_for

KINDS = ("data", "keepalive", "window", "usertime", "fin")


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_retries2=3", "net.ipv4.tcp_orphan_retries=2"]) as p:
        p.run("b", keep, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            clients = [p.run("a", go, p.ip["b"], kind, comm=kind) for kind in KINDS]
            p.wait_established("a", 5001, len(KINDS))
            wait_for(lambda: "rwnd_limited" in p.ss("a", "-i"), what="a shut window")
            p.rule("b", "drop")
            for client in clients:
                client.tell()
            for client, kind in zip(clients, KINDS):
                x.is_(kind, p.wait(client), "closed" if kind == "fin" else "TimeoutError")
            wait_for(lambda: "FIN-WAIT-1" not in p.ss("a"), what="the end of the FIN")
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "stalled", "3 connections", p.ip["b"])
    x.is_("given up", report["findings"][0]["evidence"].get("dead"), 3)
    x.has(report, "resets", "keepalive")
    x.holds("the FIN hurts nobody", "fin[" not in str(report["findings"]))
    # The window was shut before the host went, and then nobody answered the probes.
    x.lacks(report, "window")
    x.holds("nobody is said to work", "while the peer answers" not in str(report["findings"]))
    x.nothing_else(report, may=["stalled", "resets"])


def keep(ip):
    listener, kept = listen(ip, 5001, 16), []
    while True:
        kept.append(listener.accept()[0])


def fill(s):
    """Sends until nothing has gone out for half a second: then the peer's window is shut."""
    s.setblocking(False)
    n_full = 0
    while n_full < 10:
        try:
            s.send(b"x" * 65536)
            n_full = 0
        except BlockingIOError:
            n_full += 1
            time.sleep(0.05)


def go(child, ip, kind):
    s = connect(ip, 5001)
    if kind == "keepalive":
        s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 3)):
            s.setsockopt(socket.IPPROTO_TCP, option, value)
    if kind == "usertime":
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 3000)
    if kind == "window":
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 6000)
        fill(s)
    child.wait_until_told()
    if kind == "fin":
        s.close()
        return "closed"
    if kind in ("data", "usertime"):
        s.sendall(b"x" * 500)
    s.settimeout(60)
    try:
        s.recv(1)
        return "data"
    except OSError as error:
        return type(error).__name__
