# SPDX-License-Identifier: MIT
"""A server has no file descriptors left (EMFILE): it keeps what it has, and its accept queue fills."""
import resource
import socket
import time

from net import Pair, Tape, listen


def exam(x):
    with Pair(x) as p:
        pid = p.run("b", server, p.ip["b"], comm="fdless").pid
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            p.wait(p.run("a", ask, p.ip["b"], comm="client"))
            overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("overflows", overflows, 10)
    for options in (), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "backlog", f"fdless[{pid}]", "the limit is 8")
        x.nothing_else(report)


def server(ip):
    listener = listen(ip, 5001, 8)
    resource.setrlimit(resource.RLIMIT_NOFILE, (25, 25))
    held = []
    while True:
        try:
            held.append(listener.accept()[0])
            held[-1].sendall(b"hello")
        except OSError:
            time.sleep(0.1)


def ask(ip):
    held = []
    for _ in range(45):
        s = socket.socket()
        s.settimeout(0.25)
        try:
            s.connect((ip, 5001))
            s.recv(10)
        except OSError:
            pass
        held.append(s)
    time.sleep(2)
