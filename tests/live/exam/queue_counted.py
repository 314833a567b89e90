# SPDX-License-Identifier: MIT
"""Bursts overflow the backlog of 1 of a server that accepts every 150 ms; the kernel counts how often."""
import threading
import time

from net import Pair, Tape, connect, listen

BURSTS = 3
CLIENTS = 8


def exam(x):
    with Pair(x) as p:
        p.run("b", in_turns, p.ip["b"], comm="turns")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            p.wait(p.run("a", bursts, p.ip["b"], comm="bursts"))
            overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("overflows", overflows, 3)
    counted = [r["total"] for r in t.json("host") if r["counter"] == "TcpExt.ListenOverflows"]
    x.holds(f"host: {counted}", counted and counted[0] >= overflows)
    report = t.report("--addr", p.cidr, "-L", "5001")
    x.first(report, "backlog")
    x.is_("ListenOverflows", report["findings"][0]["evidence"].get("listen_overflows"), overflows)
    x.is_("place", report["findings"][0]["place"], "host")
    x.nothing_else(report)


def in_turns(ip):
    """Takes what waits, every now and then, and answers at once."""
    listener = listen(ip, 5001, 1)
    listener.setblocking(False)
    while True:
        time.sleep(0.15)
        try:
            while True:
                c, _ = listener.accept()
                c.setblocking(True)
                c.recv(100)
                c.sendall(b"k")
                c.close()
        except BlockingIOError:
            pass


def bursts(ip):
    for _ in range(BURSTS):
        threads = [threading.Thread(target=ask, args=(ip,)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(0.3)


def ask(ip):
    s = connect(ip, 5001, 20)
    s.sendall(b"x")
    s.recv(1)
    s.close()
