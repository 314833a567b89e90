# SPDX-License-Identifier: MIT
"""Two troubles at a time: a program leaks what its clients have closed, another does not read its uploads."""
import time

from close_wait import keep_all, visit, wait_close_wait
from net import Pair, Tape, connect, listen


def exam(x):
    with Pair(x) as p:
        leaky = p.run("b", keep_all, p.ip["b"], 5001, comm="leaky").pid
        deaf = p.run("b", no_reader, p.ip["b"], comm="deaf").pid
        p.wait_listening("b", 5001, 5002)
        with Tape(x) as t:
            p.run("a", push, p.ip["b"], comm="pusher")
            p.wait(p.run("a", visit, p.ip["b"], 5001, 12, comm="visitor"))
            wait_close_wait(p, 12)
            time.sleep(3.5)
    for options in (("-L", "5001,5002"), ()):
        report = t.report("--addr", p.cidr, *options)
        x.has(report, "close-wait", f"leaky[{leaky}]", "12 connections")
        x.has(report, "window", f"deaf[{deaf}]")
        x.is_("findings", sorted(f["id"] for f in report["findings"]), ["close-wait", "window"])


def no_reader(ip):
    c = listen(ip, 5002, 4).accept()[0]
    time.sleep(100)
    c.close()


def push(ip):
    s = connect(ip, 5002)
    while True:
        s.send(b"x" * 65536)
