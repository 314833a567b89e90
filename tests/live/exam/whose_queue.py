# SPDX-License-Identifier: MIT
"""Two containers listen on the same port number: the queue of one is full, the other is well and busy."""
import socket
import time

from exam import Exam
from net import Pair, Tape, connect, echo_server, listen


def exam(x):
    other = Exam(x.name)
    with Pair(x) as p, Pair(other) as q:
        stuck = p.run("b", deaf, comm="stuck").pid
        q.run("b", echo_server, "0.0.0.0", 8080, 200, comm="fine")
        p.wait_listening("b", 8080)
        q.wait_listening("b", 8080)
        with Tape(x) as t:
            few, busy = p.run("a", knock, p.ip["b"], comm="few"), q.run("a", ask, q.ip["b"], comm="busy")
            p.wait(few)
            x.is_("answered", q.wait(busy), 100)
        overflows = p.nstat("b", "TcpExtListenOverflows"), q.nstat("b", "TcpExtListenOverflows")
    other.lock.close()
    x.holds(f"overflows {overflows}", overflows[0] and not overflows[1])
    both = f"{p.cidr},{q.cidr}"
    for options in ("-L", "8080"), ("--addr", both), ("--addr", both, "-L", "8080"):
        report = t.report(*options)
        if "--addr" in options:
            x.first(report, "backlog", f"stuck[{stuck}]", "4 wait", "the limit is 3")
            x.nothing_else(report)
    x.silent(t.report("--addr", q.cidr))


def deaf():
    listener = listen("0.0.0.0", 8080, 3)
    time.sleep(100)
    listener.close()


def knock(ip):
    held = []
    for _ in range(8):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((ip, 8080))
        held.append(s)
    time.sleep(3)


def ask(ip):
    answered = 0
    for _ in range(100):
        s = connect(ip, 8080, 5)
        s.sendall(b"x")
        answered += s.recv(1) == b"x"
        s.close()
        time.sleep(0.02)
    return answered
