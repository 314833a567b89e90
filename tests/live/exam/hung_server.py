# SPDX-License-Identifier: MIT
"""A server hangs with room in its queue: the kernel takes connections and requests, and nobody answers."""
import os
import signal
import time

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x) as p:
        server = p.run("b", echo_server, p.ip["b"], 5001, 512, comm="hung")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            p.wait(p.run("a", ask, p.ip["b"], 10, comm="early"))
            p.wait_idle("b", 5001, server)
            os.kill(server.pid, signal.SIGSTOP)
            pid = server.pid
            told = p.wait(p.run("a", ask, p.ip["b"], 12, comm="late"))
            time.sleep(2)
        os.kill(server.pid, signal.SIGCONT)
    x.is_("answered after the stop", told, 0)
    for options in (), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "unaccepted", f"hung[{pid}]", "port 5001", "12")
        x.nothing_else(report)


def ask(ip, n):
    answered = 0
    for _ in range(n):
        s = connect(ip, 5001, 10)
        s.settimeout(0.3)
        s.sendall(b"GET")
        try:
            answered += s.recv(10) == b"GET"
        except TimeoutError:
            pass
        s.close()
    return answered
