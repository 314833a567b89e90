# SPDX-License-Identifier: MIT
"""Healthy: a listener waits for the first data of its clients (TCP_DEFER_ACCEPT), which are silent for long."""
import socket
import time

from net import Pair, Tape, connect


def exam(x):
    with Pair(x) as p:
        p.run("b", deferrer, p.ip["b"], 5001, 3, comm="deferrer")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            answers = p.wait(p.run("a", speak_late, p.ip["b"], 5001, 20, comm="silent"))
        again = p.nstat("b", "TcpRetransSegs")
    x.is_("answers", answers, 20)
    print("SYN-ACKs sent again:", again)
    for options in (("-L", "5001"), ("-D", "5001")):
        x.silent(t.report(*options, "--addr", p.cidr))


def deferrer(ip, port, seconds):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((ip, port))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, seconds)
    listener.listen(64)
    kept = []
    while True:
        c, _ = listener.accept()
        c.recv(10)
        c.sendall(b"k")
        kept.append(c)


def speak_late(ip, port, n):
    """Longer silent than the listener waits, so that SYN-ACKs are sent again."""
    sockets = [connect(ip, port) for _ in range(n)]
    time.sleep(5)
    answers = 0
    for s in sockets:
        s.sendall(b"x")
        answers += s.recv(1) == b"k"
    return answers
