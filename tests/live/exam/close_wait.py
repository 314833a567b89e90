# SPDX-License-Identifier: MIT
"""A server never closes what its clients have closed: CLOSE_WAIT piles up, before the tape and on it."""
import time

from net import Pair, Tape, connect, listen, wait_for


def exam(x):
    with Pair(x) as p:
        pid = p.run("b", keep_all, p.ip["b"], 5001, comm="leaky").pid
        p.wait_listening("b", 5001)
        p.wait(p.run("a", visit, p.ip["b"], 5001, 7, comm="early"))
        wait_close_wait(p, 7)
        with Tape(x) as t:
            p.wait(p.run("a", visit, p.ip["b"], 5001, 5, comm="late"))
            wait_close_wait(p, 12)
            time.sleep(3)
    for options in (("-L", "5001", "--addr", p.cidr), ("--addr", p.cidr)):
        report = t.report(*options)
        x.first(report, "close-wait", f"leaky[{pid}]", "12 connections", "port 5001", "7")
        x.nothing_else(report)


def wait_close_wait(p, n):
    wait_for(lambda: p.ss("b", "state", "close-wait").count("\n") >= n, what=f"{n} in CLOSE_WAIT")


def keep_all(ip, port):
    listener, kept = listen(ip, port), []
    while True:
        kept.append(listener.accept()[0])


def visit(ip, port, n):
    for _ in range(n):
        with connect(ip, port) as s:
            s.sendall(b"GET /")
