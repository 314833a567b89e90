# SPDX-License-Identifier: MIT
"""Healthy: a server closes seconds after its clients, and a pool keeps a few that the server has closed."""
import threading
import time

from close_wait import visit
from net import Pair, Tape, connect, listen


def exam(x):
    with Pair(x) as p:
        p.run("b", close_late, p.ip["b"], 5001, comm="late")
        p.run("b", close_first, p.ip["b"], 5002, comm="first")
        p.wait_listening("b", 5001, 5002)
        with Tape(x) as t:
            pool = p.run("a", keep, p.ip["b"], 5002, 3, comm="pool")
            for _ in range(25):
                p.wait(p.run("a", visit, p.ip["b"], 5001, 2))
                time.sleep(0.2)
            left = p.ss("b", "state", "close-wait").count("\n")
        pool.tell()
        p.wait(pool)
    x.at_least("in CLOSE_WAIT at the end", left, 5)
    x.silent(t.report("--addr", p.cidr))


def close_late(ip, port):
    listener = listen(ip, port)

    def serve(c):
        while c.recv(100):
            pass
        time.sleep(1.5)
        c.close()

    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def close_first(ip, port):
    listener = listen(ip, port)
    while True:
        c, _ = listener.accept()
        c.sendall(b"bye")
        c.close()


def keep(child, ip, port, n):
    kept = [connect(ip, port) for _ in range(n)]
    child.wait_until_told()
    return len(kept)
