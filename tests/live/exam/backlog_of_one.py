# SPDX-License-Identifier: MIT
"""A single-threaded server with a backlog of 1 takes 100 ms for each connection; 30 clients come at once."""
import threading
import time

from net import Pair, Tape, connect, listen


def exam(x):
    with Pair(x) as p:
        p.run("b", one_by_one, p.ip["b"], comm="single")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            took = p.wait(p.run("a", burst, p.ip["b"], 30, comm="burst"))
            overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("overflows", overflows, 20)
    slow = sum(seconds >= 1 for seconds in took)
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "backlog", f"{p.ip['b']}:5001", "of 30")
        x.nothing_else(report)
    held = report["findings"][0]["title"]
    x.holds(f"{slow} clients waited for a second or more: {held}", slow >= 10)


def one_by_one(ip):
    listener = listen(ip, 5001, 1)
    while True:
        c, _ = listener.accept()
        c.recv(100)
        time.sleep(0.1)
        c.sendall(b"k")
        c.close()


def burst(ip, n):
    took = []

    def run():
        began = time.monotonic()
        try:
            s = connect(ip, 5001, 12)
            s.sendall(b"x")
            s.recv(1)
            s.close()
        except OSError:
            pass
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took
