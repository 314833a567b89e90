# SPDX-License-Identifier: MIT
"""Clients wait 0.2 s for answers that take 0.6 s, and close: the server answers into closed connections."""
import signal
import threading
import time

from net import Pair, Tape, connect, listen

N = 25


def exam(x):
    with Pair(x) as p:
        p.run("b", slow, p.ip["b"], comm="slowserver")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            gave_up = p.wait(p.run("a", ask, p.ip["b"], comm="impatient"))
            time.sleep(1)
    x.is_("gave up", gave_up, N)
    # The answers come for sockets that nobody has open: each is answered with a RST.
    for options in (), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "resets", "25")
        x.nothing_else(report, may=["resets"])
        x.is_("levels", {f["level"] for f in report["findings"]} - {"notice", "warning"}, set())


def slow(ip):
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    listener = listen(ip, 5001)

    def answer(c):
        try:
            c.recv(1000)
            time.sleep(0.6)
            c.sendall(b"r" * 5000)
            time.sleep(0.01)
            c.sendall(b"r" * 5000)
        except OSError:
            pass
        c.close()

    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def ask(ip):
    gave_up = 0
    for _ in range(N):
        s = connect(ip, 5001, 10)
        s.settimeout(0.2)
        s.sendall(b"GET /report")
        try:
            s.recv(10)
        except TimeoutError:
            gave_up += 1
        s.close()
    return gave_up
