# SPDX-License-Identifier: MIT
"""An administrator destroys six connections and a listener of other programs (ss -K)."""
import signal

from net import Pair, Tape, connect, echo_server, listen, wait_for

N = 6


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.run("b", idle, p.ip["b"], comm="idle")
        p.wait_listening("b", 5001, 5002)
        with Tape(x) as t:
            victim = p.run("a", use, p.ip["b"], True, comm="victim")
            wait_for(lambda: p.ss("a", "state", "established", "dport = :5001").count(":5001") == N,
                     what="connections")
            victim.tell()
            wait_for(lambda: p.nstat("b", "TcpInSegs") >= 4 * N, what="answers")
            p.x("a", "ss", "-K", "dport", "=", "5001")
            p.x("b", "ss", "-Klt", "sport", "=", "5002", check=False)
            errors = p.wait(victim)
    x.is_("errors of the program", errors, ["ConnectionAbortedError"] * N)
    report = t.report("-D", "5001", "--addr", p.cidr)
    x.first(report, "resets", str(N), "were destroyed by an administrator")
    x.nothing_else(report)
    x.is_("kinds", {r["kind"] for r in t.json("resets", "-D", "5001", "--addr", p.cidr)}, {"destroyed"})
    x.is_("ends", {r["ended"] for r in t.json("life", "-D", "5001", "--addr", p.cidr)}, {"destroyed"})
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, name="healthy") as t:
            client = p.run("a", use, p.ip["b"], False, comm="client")
            client.tell()
            x.is_("errors", p.wait(client), [])
    x.silent(t.report("--addr", p.cidr))


def idle(ip):
    listener = listen(ip, 5002)
    signal.pause()
    listener.close()


def use(child, ip, waits):
    held = [connect(ip, 5001, 30) for _ in range(N)]
    child.wait_until_told()
    for s in held:
        s.sendall(b"x" * 1000)
        s.recv(2000)
    errors = []
    for s in held:
        try:
            if waits:
                s.recv(10)
        except OSError as error:
            errors.append(type(error).__name__)
        s.close()
    return errors
