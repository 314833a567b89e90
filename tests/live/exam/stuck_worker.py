# SPDX-License-Identifier: MIT
"""Four workers share a port by SO_REUSEPORT; one of them hangs, and its own accept queue fills."""
import socket
import time

from net import Pair, Tape, connect, new_socket, wait_for

SO_REUSEPORT = 15


def exam(x):
    with Pair(x) as p:
        workers = [p.run("b", work, p.ip["b"], i == 3, comm=f"worker{i}") for i in range(4)]
        wait_for(lambda: len(p.x("b", "ss", "-Htln", "sport = :5001").splitlines()) == 4, what="four listeners")
        pid = workers[3].pid
        with Tape(x) as t:
            unanswered = p.wait(p.run("a", ask, p.ip["b"], 60, comm="client"))
        overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("overflows", overflows, 1)
    x.at_least("unanswered", unanswered, 5)
    for options in ((), ("-L", "5001")):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "backlog", f"worker3[{pid}]", f"{p.ip['b']}:5001")
        x.nothing_else(report)
    # The healthy twin: the same clients, and nobody hangs.
    with Pair(x) as p:
        for i in range(4):
            p.run("b", work, p.ip["b"], False, comm=f"worker{i}")
        wait_for(lambda: len(p.x("b", "ss", "-Htln", "sport = :5001").splitlines()) == 4, what="four listeners")
        with Tape(x, name="healthy") as t:
            x.is_("unanswered", p.wait(p.run("a", ask, p.ip["b"], 60, comm="client")), 0)
    x.silent(t.report("--addr", p.cidr))


def work(ip, hangs):
    listener = new_socket(ip)
    listener.setsockopt(socket.SOL_SOCKET, SO_REUSEPORT, 1)
    listener.bind((ip, 5001))
    listener.listen(4)
    time.sleep(100 if hangs else 0)
    while True:
        c, _ = listener.accept()
        c.sendall(c.recv(100))
        c.close()


def ask(ip, n):
    """Returns how many requests had no answer within 0.3 s; their connections stay open."""
    unanswered, held = 0, []
    for _ in range(n):
        try:
            s = connect(ip, 5001, 0.3)
            held.append(s)
            s.sendall(b"x")
            s.recv(1)
            held.pop().close()
        except TimeoutError:
            unanswered += 1
    return unanswered
