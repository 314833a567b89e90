# SPDX-License-Identifier: MIT
"""A reader sleeps for four seconds and then goes on: it is slow, and nothing is lost or gone."""
import socket
import time

from net import Pair, Tape, connect


def exam(x):
    with Pair(x) as p:
        reader = p.run("b", sleep_and_read, p.ip["b"], comm="sleepy")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            sent = p.wait(p.run("a", push, p.ip["b"], comm="chatty"))
            x.is_("bytes read", p.wait(reader), sent)
        x.is_("timeouts", p.nstat("a", "TcpExtTCPTimeouts"), 0)
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "window", f"{p.ip['b']}:5001", "chatty")
    x.nothing_else(report)


def sleep_and_read(ip):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    listener.bind((ip, 5001))
    listener.listen(8)
    c, n = listener.accept()[0], 0
    time.sleep(4)
    while data := c.recv(65536):
        n += len(data)
    return n


def push(ip):
    s = connect(ip, 5001)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(3000):
        s.send(b"12345")
    s.close()
    return 15000
