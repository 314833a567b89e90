# SPDX-License-Identifier: MIT
"""A server is restarted while 8 connections wait in its accept queue: they are reset."""
from net import Pair, Tape, connect, listen, wait_for

N = 8


def exam(x):
    with Pair(x) as p, Tape(x) as t:
        cut = play(p, N)
    x.is_("connections reset", cut, N)
    report = t.report("-L", "5001", "--addr", p.cidr)
    x.first(report, "resets", str(N), "the listener was closed before its program had accepted them",
            p.ip["a"])
    x.nothing_else(report)
    x.is_("kinds", {r["kind"] for r in t.json("resets", "-L", "5001", "--addr", p.cidr)}, {"unaccepted"})
    report = t.report("-D", "5001", "--addr", p.cidr)
    x.first(report, "resets", str(N), "its listener was closed")
    x.nothing_else(report)
    # Both ends on one tape: it is told once, by the end that knows why.
    report = t.report("--addr", p.cidr)
    x.first(report, "resets", "the listener was closed before its program had accepted them")
    x.nothing_else(report)
    # The same restart, when all have been accepted and answered.
    with Pair(x) as p, Tape(x, name="healthy") as t:
        x.is_("connections reset", play(p, 0), 0)
    x.silent(t.report("--addr", p.cidr))


def play(p, n_left):
    server = p.run("b", serve_some, p.ip["b"], N - n_left, comm="lazy")
    p.wait_listening("b", 5001)
    client = p.run("a", ask, p.ip["b"], comm="client")
    p.wait_established("a", 5001, N)
    if n_left:
        wait_for(lambda: f" {n_left} " in p.x("b", "ss", "-Htln", "sport = :5001"), what="a queue")
    server.tell()
    client.tell()
    cut = p.wait(client)
    server.kill()
    return cut


def serve_some(child, ip, n):
    listener = listen(ip, 5001)
    held = [listener.accept()[0] for _ in range(n)]
    for c in held:
        c.sendall(c.recv(100))
    child.wait_until_told()
    listener.close()
    for c in held:
        c.recv(1)
        c.close()
    child.wait_until_told()  # for ever: it is killed


def ask(child, ip):
    held = [connect(ip, 5001, 20) for _ in range(N)]
    cut = 0
    for s in held:
        s.sendall(b"hello")
    child.wait_until_told()
    for s in held:
        try:
            s.recv(100)
        except ConnectionResetError:
            cut += 1
        s.close()
    return cut
