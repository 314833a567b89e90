# SPDX-License-Identifier: MIT
"""The recording begins when a connection is deep in backoff and a reader's window is shut."""
import time

from net import Pair, Tape, connect, echo_server, listen, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.run("b", deaf, p.ip["b"], comm="sleepy")
        p.wait_listening("b", 5001, 5002)
        stuck = p.run("a", ask, p.ip["b"], comm="stuck")
        p.run("a", push, p.ip["b"], comm="pusher")
        p.wait_established("a", 5001, 1)
        p.rule("b", "tcp dport 5001 drop")
        stuck.tell()
        began = time.monotonic()
        wait_for(lambda: "backoff:5" in p.ss("a", "-i", "dport = :5001"), what="five timeouts in a row")
        wait_for(lambda: "persist" in p.ss("a", "-o"), what="a shut window")
        with Tape(x) as t:
            time.sleep(1.5)
        waited = time.monotonic() - began
    report = t.report("--addr", p.cidr, "-D", "5001,5002")
    x.first(report, "stalled", "stuck", "since before the recording", f"{p.ip['b']}:5001")
    x.nothing_else(report, may=["window"])
    x.has(report, "window", f"{p.ip['b']}:5002", "since before the recording")
    length = report["findings"][0]["evidence"].get("stalled_ns", 0) / 1e9
    x.holds(f"stuck for {length} of {waited} s", waited * 0.6 <= length <= waited)


def deaf(ip):
    c = listen(ip, 5002).accept()[0]
    time.sleep(100)
    c.close()


def ask(child, ip):
    s = connect(ip, 5001)
    s.sendall(b"x")
    s.recv(1)
    child.wait_until_told()
    s.sendall(b"y" * 100)
    time.sleep(100)


def push(ip):
    s = connect(ip, 5002)
    while True:
        s.send(b"x" * 65536)
