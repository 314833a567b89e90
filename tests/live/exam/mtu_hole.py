# SPDX-License-Identifier: MIT
"""A path swallows packets above 1,200 bytes without a word: small answers pass, large ones hang."""
import threading

from net import Pair, Tape, connect, listen, receive_all, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", serve_sizes, p.ip["b"], comm="tlsd")
        p.wait_listening("b", 5001)
        p.rule("a", "ip length > 1200 drop")
        with Tape(x) as t:
            large = [p.run("a", ask, p.ip["b"], 9000, 1, comm="large") for _ in range(4)]
            wait_for(lambda: p.nstat("b", "TcpExtTCPTimeouts") >= 8, what="timeouts")
            x.is_("small answers", p.wait(p.run("a", ask, p.ip["b"], 300, 20, comm="small")), 20 * 300)
            wait_for(lambda: p.nstat("b", "TcpExtTCPTimeouts") >= 16, what="timeouts")
            for client in large:
                client.kill()
    report = t.report("--addr", p.cidr, "-L", "5001")
    x.first(report, "stalled", "4 connections", "path MTU black hole")
    x.nothing_else(report, may=["stalled"])


def serve_sizes(ip):
    listener = listen(ip, 5001)

    def answer(c):
        while size := c.recv(16):
            c.sendall(b"r" * int(size))

    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def ask(ip, size, many):
    n = 0
    for _ in range(many):
        s = connect(ip, 5001)
        s.sendall(str(size).ljust(16).encode())
        n += len(receive_all(s, size))
        s.close()
    return n
