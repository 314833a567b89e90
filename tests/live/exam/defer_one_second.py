# SPDX-License-Identifier: MIT
"""Healthy: a listener waits for the first data of its clients for a second only (TCP_DEFER_ACCEPT), and they are silent for longer."""
import socket
import threading

from defer_accept import speak_late
from net import Pair, Tape


def exam(x):
    with Pair(x) as p:
        p.run("b", deferrer, p.ip["b"], 5001, comm="deferrer")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            answers = p.wait(p.run("a", speak_late, p.ip["b"], 5001, 20, comm="silent"))
        again = p.nstat("b", "TcpRetransSegs")
    x.is_("answers", answers, 20)
    print("SYN-ACKs sent again:", again)
    for options in (("-L", "5001"), ("-D", "5001")):
        x.silent(t.report(*options, "--addr", p.cidr))


def deferrer(ip, port):
    listener = socket.socket()
    listener.bind((ip, port))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
    listener.listen(64)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def answer(c):
    c.recv(10)
    c.sendall(b"k")
    c.recv(10)
