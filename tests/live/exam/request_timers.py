# SPDX-License-Identifier: MIT
"""Healthy: a listener with TCP_DEFER_ACCEPT, and clients that connect and speak after four seconds."""
import socket
import time

from net import Pair, Tape, connect


def exam(x):
    with Pair(x) as p:
        p.run("b", serve, p.ip["b"], comm="deferrer")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            x.is_("answers", p.wait(p.run("a", ask, p.ip["b"], comm="silent")), 20)
        x.is_("sent again", p.nstat("b", "TcpRetransSegs"), 0)
    for side in ("-L", "-D"):
        report = t.report("--addr", p.cidr, side, "5001")
        x.silent(report)
        x.is_(f"timeouts {side}", report["metrics"]["timeouts"], 0)
        x.is_(f"status {side}", t.status("report", "--fail-if", "timeouts>0", "--addr", p.cidr, side,
                                         "5001"), 0)


def serve(ip):
    listener, kept = socket.socket(), []
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((ip, 5001))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 10)
    listener.listen(64)
    while True:
        c, _ = listener.accept()
        c.recv(10)
        c.sendall(b"k")
        kept.append(c)


def ask(ip):
    held, n = [connect(ip, 5001) for _ in range(20)], 0
    time.sleep(4)
    for s in held:
        s.sendall(b"x")
        n += len(s.recv(1))
    return n
