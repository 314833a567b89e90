# SPDX-License-Identifier: MIT
"""Healthy: a pool is idle for 7 s, is used again, and answered; a firewall keeps idle connections for long."""
import time

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x, sysctls=["net.netfilter.nf_conntrack_tcp_loose=0"]) as p:
        p.run("b", echo_server, p.ip["b"], 5432, comm="db")
        p.wait_listening("b", 5432)
        p.rule("b", "ct state invalid reject with tcp reset")
        with Tape(x) as t:
            x.is_("answered", p.wait(p.run("a", pool, p.ip["b"], comm="pool")), 12)
    x.silent(t.report("--addr", p.cidr))
    x.silent(t.report("--addr", p.cidr, "-D", "5432"))


def pool(ip):
    held = [connect(ip, 5432, 5) for _ in range(12)]
    for s in held:
        s.sendall(b"q")
        s.recv(1)
    time.sleep(7)
    answered = 0
    for s in held:
        s.sendall(b"q")
        answered += s.recv(1) == b"q"
        s.close()
    return answered
