# SPDX-License-Identifier: MIT
"""A token bucket polices one customer's downloads: what is over its rate is dropped; another customer's is well."""
import threading

from net import Pair, Tape, connect, listen, sh


def exam(x):
    with Pair(x) as p:
        sh("ip", "-n", p.ns["a"], "addr", "add", f"198.18.{p.number}.3/24", "dev", "lv")
        p.run("b", serve_bytes, p.ip["b"], comm="downloads")
        p.wait_listening("b", 5001)
        p.rule("a", f"ip daddr {p.ip['a']} tcp sport 5001"
                    " limit rate over 400 kbytes/second burst 60 kbytes drop")
        with Tape(x) as t:
            limited = [p.run("a", fetch, p.ip["b"], p.ip["a"], 500000, comm="limited") for _ in range(2)]
            free = p.run("a", fetch, p.ip["b"], f"198.18.{p.number}.3", 3000000, comm="free")
            for child in (free, *limited):
                p.wait(child)
            again = p.nstat("b", "TcpRetransSegs")
    x.at_least("retransmitted", again, 50)
    for options in (), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "loss", p.ip["a"])
        x.nothing_else(report, may=["timeouts", "tail-loss"])
        x.holds("nobody else is blamed", f"198.18.{p.number}.3" not in str(report["findings"]))


def serve_bytes(ip):
    listener = listen(ip, 5001)

    def answer(c):
        n = int(c.recv(100))
        c.sendall(b"d" * n)
        c.close()

    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def fetch(ip, src, n):
    for _ in range(2):
        s = connect(ip, 5001, 30, src=src)
        s.sendall(str(n).encode())
        while s.recv(65536):
            pass
        s.close()
