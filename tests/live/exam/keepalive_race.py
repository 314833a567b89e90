# SPDX-License-Identifier: MIT
"""A server closes 12 connections that were used; the client sends its next request on each of them."""
import threading

from net import Pair, Tape, connect, listen, wait_for

N = 12


def exam(x):
    with Pair(x) as p, Tape(x) as t:
        p.run("b", upstream, p.ip["b"], comm="upstream")
        p.wait_listening("b", 5001)
        lost = p.wait(play(p, True))
        resets = p.nstat("b", "TcpOutRsts")
    x.is_("requests answered by a RST", (lost, resets), (N, N))
    for side in "-D", "-L":
        report = t.report(side, "5001", "--addr", p.cidr)
        x.first(report, "resets", "keep-alive race", str(N))
        x.nothing_else(report)
        x.is_("requests lost", report["findings"][0]["evidence"].get("requests_lost"), N)
    kinds = {(r["direction"], r["kind"]) for r in t.json("resets", "--addr", p.cidr)}
    x.is_("kinds of RSTs", kinds, {("sent", "late-data"), ("received", "after-fin")})
    x.is_("bytes lost", sum(r["unacked_bytes"] for r in t.json("resets", "-D", "5001", "--addr", p.cidr)), 5 * N)
    # The same, but the client looks whether the connection has been closed.
    with Pair(x) as p, Tape(x, name="healthy") as t:
        p.run("b", upstream, p.ip["b"], comm="upstream")
        p.wait_listening("b", 5001)
        x.is_("requests lost", p.wait(play(p, False)), 0)
    x.silent(t.report("--addr", p.cidr))


def play(p, sends):
    child = p.run("a", proxy, p.ip["b"], sends, comm="proxy")
    wait_for(lambda: len(p.ss("a", "state", "close-wait").splitlines()) == N, what="the server's FINs")
    # The acknowledgement of a FIN may be delayed: until then the server's sockets are in FIN_WAIT1.
    wait_for(lambda: not p.ss("b", "state", "fin-wait-1").strip(), what="acknowledged FINs")
    child.tell()
    return child


def proxy(child, ip, sends):
    held = [connect(ip, 5001, 20) for _ in range(N)]
    for s in held:
        s.sendall(b"GET 1")
        s.recv(100)
    child.wait_until_told()
    lost = 0
    for s in held:
        if sends:
            s.sendall(b"GET 2")
            try:
                lost += not s.recv(100)
            except OSError:
                lost += 1
        s.close()
    return lost


def upstream(ip):
    """Closes each connection when it has been idle for half a second."""
    listener = listen(ip, 5001)

    def serve(c):
        c.settimeout(0.5)
        try:
            while True:
                data = c.recv(4096)
                if not data:
                    break
                c.sendall(data)
        except OSError:
            pass
        c.close()

    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
