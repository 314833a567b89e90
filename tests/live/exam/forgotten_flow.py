# SPDX-License-Identifier: MIT
"""A firewall forgets one of two connections to a host; the other one goes on, and so do new ones."""
import select

from net import Pair, Tape, connect, echo_server, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            asker = p.run("a", ask, p.ip["b"], comm="asker")
            p.wait_established("a", 5001, 2)
            p.rule("b", "tcp sport 45001 drop")
            asker.tell()
            wait_for(lambda: any(f"backoff:{n}" in p.ss("a", "-i") for n in range(4, 9)),
                     what="four timeouts in a row")
            asker.tell()
            p.wait(asker)
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "stalled", "asker", f"{p.ip['a']}:45001", "while the peer answers other connections",
            "has forgotten the connection")
    x.holds("the peer is there", "is gone" not in report["findings"][0]["meaning"])
    x.nothing_else(report)


def ask(child, ip):
    bad, good = connect(ip, 5001, sport=45001), connect(ip, 5001, sport=45002)
    for s in (bad, good):
        s.sendall(b"q" * 300)
        s.recv(4096)
    child.wait_until_told()
    bad.sendall(b"q" * 300)
    while not select.select([child.go], [], [], 0.05)[0]:
        good.sendall(b"q" * 300)
        good.recv(4096)
        connect(ip, 5001).close()
