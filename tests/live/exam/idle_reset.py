# SPDX-License-Identifier: MIT
"""A firewall forgets connections that are idle for 6 s, and rejects what comes later by a RST; busy ones go on."""
import time

from net import Pair, Tape, connect, echo_server

N, TIMER = 12, 6


def exam(x):
    with Pair(x, sysctls=["net.netfilter.nf_conntrack_tcp_loose=0",
                          f"net.netfilter.nf_conntrack_tcp_timeout_established={TIMER}"]) as p:
        p.run("b", echo_server, p.ip["b"], 5432, comm="db")
        p.wait_listening("b", 5432)
        p.rule("b", "ct state invalid reject with tcp reset")
        with Tape(x) as t:
            told = p.wait(p.run("a", pool, p.ip["b"], comm="pool"))
    x.is_("told", told, {"ConnectionResetError": N})
    for options in (), ("-D", "5432"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "idle-cut", str(N), "port 5432", "without traffic", "forgets", "pool")
        x.nothing_else(report)
        evidence = report["findings"][0]["evidence"]
        x.at_least("idle", evidence.get("idle_min_ns", 0), TIMER * 10**9)


def pool(ip):
    """Twelve connections, made and used one after the other; and one that is in use all the time."""
    busy, held, told = connect(ip, 5432, 5), [], {}
    busy.sendall(b"q")
    busy.recv(1)
    for _ in range(N):
        s = connect(ip, 5432, 5)
        s.sendall(b"q")
        s.recv(1)
        held.append((s, time.monotonic()))
        for _ in range(4):
            time.sleep(0.2)
            busy.sendall(b"q")
            busy.recv(1)
        # Those whose time has come are used again.
        while held and time.monotonic() - held[0][1] > TIMER + 1:
            use(held.pop(0)[0], told)
    while held:
        time.sleep(0.2)
        busy.sendall(b"q")
        busy.recv(1)
        if time.monotonic() - held[0][1] > TIMER + 1:
            use(held.pop(0)[0], told)
    return told


def use(s, told):
    try:
        s.sendall(b"q")
        what = s.recv(1)
    except OSError as error:
        what = type(error).__name__
    told[what] = told.get(what, 0) + 1
    s.close()
