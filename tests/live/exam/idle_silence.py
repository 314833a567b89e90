# SPDX-License-Identifier: MIT
"""A firewall forgets connections that are idle for 5 s, and drops what comes later; busy and new ones are well."""
import select
import time

from net import Pair, Tape, connect, echo_server, wait_for

N, TIMER = 6, 5


def exam(x):
    # Without tail loss probes: each segment that is sent again is a timeout.
    with Pair(x, sysctls=["net.netfilter.nf_conntrack_tcp_loose=0", "net.ipv4.tcp_early_retrans=0",
                          f"net.netfilter.nf_conntrack_tcp_timeout_established={TIMER}"]) as p:
        p.run("b", echo_server, p.ip["b"], 5432, comm="db")
        p.wait_listening("b", 5432)
        p.rule("b", "ct state invalid drop")
        with Tape(x) as t:
            held = p.run("a", pool, p.ip["b"], comm="pool")
            busy = p.run("a", use, p.ip["b"], comm="busy")
            p.wait_established("a", 5432, N + 1)
            time.sleep(TIMER + 3)
            held.tell()
            wait_for(lambda: p.nstat("a", "TcpRetransSegs") >= 5 * N, what="retransmissions")
            busy.tell()
            p.wait(busy)
            x.is_("answered on new connections", p.wait(p.run("a", ask, p.ip["b"], comm="fresh")), 20)
    for options in (), ("-D", "5432"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "idle-cut", str(N), "port 5432", "without traffic", "drops", "pool")
        x.nothing_else(report)
        evidence = report["findings"][0]["evidence"]
        x.at_least("idle", evidence.get("idle_min_ns", 0), TIMER * 10**9)


def pool(child, ip):
    held = [connect(ip, 5432) for _ in range(N)]
    for s in held:
        s.sendall(b"one")
        s.recv(10)
    child.wait_until_told()
    for s in held:
        s.sendall(b"two")
    time.sleep(60)


def use(child, ip):
    """One connection that is in use all the time."""
    s = connect(ip, 5432)
    while not select.select([child.go], [], [], 0.3)[0]:
        s.sendall(b"q")
        s.recv(10)
    s.close()


def ask(ip):
    answered = 0
    for _ in range(20):
        s = connect(ip, 5432, 5)
        s.sendall(b"x")
        answered += s.recv(1) == b"x"
        s.close()
    return answered
