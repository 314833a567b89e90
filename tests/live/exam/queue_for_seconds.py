# SPDX-License-Identifier: MIT
"""A program does not accept for some seconds: its queue is full then, and neither before nor at the end."""
import time

from net import Pair, Tape, connect, listen

BACKLOG = 4
PAUSE = 6
CLIENTS = BACKLOG + 1


def exam(x):
    with Pair(x) as p:
        server = p.run("b", sleepy, p.ip["b"], comm="sleepy")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            p.wait(p.run("a", ask, p.ip["b"], comm="client"))
            queue = p.x("b", "ss", "-Htln", "sport = :5001").split()
        overflows = p.nstat("b", "TcpExtListenOverflows")
        pid = server.pid
        server.kill()
    x.is_("queue at the end", queue[1], "0")
    x.is_("SYNs that the kernel dropped", overflows, 0)
    report = t.report("--addr", p.cidr)
    x.first(report, "backlog", f"sleepy[{pid}]", "was full", str(CLIENTS), f"the limit is {BACKLOG}")
    x.nothing_else(report)


def sleepy(ip):
    """Sleeps after the first connection, and serves all others at once."""
    listener = listen(ip, 5001, BACKLOG)
    pause, held = PAUSE, []
    while True:
        held.append(listener.accept()[0])
        time.sleep(pause)
        pause = 0
        if len(held) == 1:
            held[0].sendall(held[0].recv(1))


def ask(ip):
    """One that makes the server sleep, and as many as its queue takes; all get an answer."""
    sockets = [connect(ip, 5001)]
    sockets[0].sendall(b"x")
    time.sleep(0.5)
    sockets += [connect(ip, 5001) for _ in range(CLIENTS)]
    answers = sockets[0].recv(1)
    time.sleep(1)
    for s in sockets:
        s.close()
    return len(answers)
