# SPDX-License-Identifier: MIT
"""Healthy: uploads by reno and by cubic; the report says how much each sent. Then those of one lose far more."""
import socket
import time

from net import Pair, Tape, sink_server

N, BYTES = 4, 1500000


def exam(x):
    with Pair(x) as p:
        play(p, x, "healthy", 0)
        t = play(p, x, "lossy", 25)
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.has(report, "congestion", "reno", "cubic", p.ip["b"])


def play(p, x, name, one_of):
    if one_of:
        p.rule("b", f"tcp sport 41001-41009 numgen random mod {one_of} == 0 drop")
    else:
        p.run("b", sink_server, p.ip["b"], 5001, comm="sink")
        p.wait_listening("b", 5001)
    with Tape(x, name=name) as t:
        held = [p.run("a", send, p.ip["b"], control, port + i, comm=control)
                for control, port in (("reno", 41001), ("cubic", 42001)) for i in range(N)]
        time.sleep(0.5)
        p.wait_established("a", 5001, 2 * N)
        for child in held:
            child.tell()
        # The table at the end shows which control they use.
        p.wait_established("a", 5001, 2 * N)
        for _ in range(100):
            if not any("unacked" in line for line in p.ss("a", "-i").splitlines()):
                break
            time.sleep(0.2)
    report = t.report("--addr", p.cidr, "-D", "5001")
    words = report.get("congestion_control", "")
    print("congestion control:", words)
    for control in "reno", "cubic":
        x.holds(f"{N} connections by {control}", f"{control}: {N} connections" in words)
    if not one_of:
        x.silent(report)
    for child in held:
        child.kill()
    return t


def send(child, ip, control, sport):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, control.encode())
    s.bind(("0.0.0.0", sport))
    s.connect((ip, 5001))
    child.wait_until_told()
    s.sendall(b"x" * BYTES)
    time.sleep(100)
