# SPDX-License-Identifier: MIT
"""A host dies without a word: of 14 pooled connections to it 4 have requests under way, 10 are idle."""
from net import Pair, Tape, connect, echo_server, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            pool = p.run("a", ask, p.ip["b"], comm="pool")
            p.wait_established("a", 5001, 14)
            wait_for(lambda: p.ss("b", "-i").count("bytes_acked:5000 ") == 14, what="ten answers each")
            p.rule("b", "drop")
            p.rule("b", "drop", "out")
            pool.tell()
            wait_for(lambda: stuck(p) == 4, what="four connections deep in their timeouts")
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "stalled", "4 connections", p.ip["b"], "the tape shows no answer of the peer",
            "4")
    x.nothing_else(report, may=["stalled"])
    x.holds("nobody is said to work", "while the peer answers" not in str(report["findings"]))
    x.holds("small segments pass every MTU", "MTU" not in str([f["meaning"] for f in report["findings"]]))
    x.silent(t.report("--addr", p.cidr, "-L", "5001"))


def stuck(p):
    """Connections with three timeouts in a row or more."""
    return sum(f"backoff:{n}" in line for line in p.ss("a", "-i").splitlines() for n in range(3, 9))


def ask(child, ip):
    held = [connect(ip, 5001) for _ in range(14)]
    for _ in range(10):
        for s in held:
            s.sendall(b"q" * 500)
            s.recv(4096)
    child.wait_until_told()
    for s in held[:4]:
        s.sendall(b"q" * 500)
    child.wait_until_told()
