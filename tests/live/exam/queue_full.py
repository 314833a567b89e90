# SPDX-License-Identifier: MIT
"""Two containers listen on one port; the accept queue of one is full, the other is busy and well."""
import socket
import time

from net import Pair, Tape, connect, echo_server, listen, wait_for


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=0"]) as p:
        pid = p.run("b", deaf, 8080, 3, comm="stuck").pid
        # The other container is the client's: its own server, on the same port.
        p.run("a", echo_server, "0.0.0.0", 8080, 200, comm="fine")
        p.wait_listening("a", 8080)
        p.wait_listening("b", 8080)
        with Tape(x) as t:
            waiting = p.run("a", begin_connects, p.ip["b"], 8, comm="client")
            busy = p.run("b", ask, p.ip["a"], 100, comm="busy")
            asked = p.wait(busy)
            wait_for(lambda: p.nstat("b", "TcpExtListenOverflows") >= 8, what="dropped SYNs")
        dropped = p.nstat("b", "TcpExtListenOverflows")
        waiting.kill()
    x.is_("answers of the other container", asked, 100)
    x.at_least("SYNs that the kernel dropped", dropped, 8)
    for options in (("-L", "8080", "--addr", p.cidr), ("--addr", p.cidr)):
        report = t.report(*options)
        x.first(report, "backlog", f"stuck[{pid}]", "is full", "4", "the limit is 3", "8080")
        x.nothing_else(report)


def deaf(port, backlog):
    listener = listen("0.0.0.0", port, backlog)
    time.sleep(120)
    return listener


def begin_connects(child, ip, n):
    """Begins n connects at once, and keeps them."""
    held = []
    for _ in range(n):
        s = socket.socket()
        s.setblocking(False)
        try:
            s.connect((ip, 8080))
        except BlockingIOError:
            pass
        held.append(s)
    child.wait_until_told()


def ask(ip, n):
    answers = 0
    for _ in range(n):
        with connect(ip, 8080) as s:
            s.sendall(b"x")
            answers += len(s.recv(1))
    return answers
