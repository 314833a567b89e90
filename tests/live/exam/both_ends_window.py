# SPDX-License-Identifier: MIT
"""A program does not read what another one of this host sends it: told once, with the reader's name."""
import socket
import time

from net import Pair, Tape, connect, listen, wait_for


def exam(x):
    with Pair(x) as p, Tape(x) as t:
        p.run("b", sleep_on_it, p.ip["b"], comm="reader")
        p.wait_listening("b", 5001)
        p.run("a", fill, p.ip["b"], comm="writer")
        wait_for(lambda: p.nstat("a", "TcpExtTCPWinProbe") >= 3, what="three window probes")
    report = t.report("--addr", p.cidr)
    x.first(report, "window")
    x.nothing_else(report)


def sleep_on_it(ip):
    listener = listen(ip, 5001)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20000)
    c, _ = listener.accept()
    time.sleep(60)
    c.close()


def fill(ip):
    c = connect(ip, 5001)
    while True:
        c.sendall(b"x" * 65536)
