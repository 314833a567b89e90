# SPDX-License-Identifier: MIT
"""A path swallows packets above 1,200 bytes without a word, until the sender's MTU probing finds that out."""
import threading

from net import Pair, Tape, connect, listen, receive_all


def exam(x):
    with Pair(x, sysctls=("net.ipv4.tcp_mtu_probing=1",)) as p:
        p.run("b", serve, p.ip["b"], comm="files")
        p.wait_listening("b", 5001)
        with Tape(x, name="healthy") as healthy:
            fetch_all(x, p)
        p.rule("a", "ip length > 1200 drop")
        with Tape(x) as t:
            fetch_all(x, p)
            x.at_least("timeouts", p.nstat("b", "TcpExtTCPTimeouts"), 12)
    x.silent(healthy.report("--addr", p.cidr, "-L", "5001"))
    report = t.report("--addr", p.cidr, "-L", "5001")
    x.first(report, "stalled", "4 connections", "path MTU black hole", "net.ipv4.tcp_mtu_probing", p.ip["a"])
    # The other one is an example.
    x.nothing_else(report, may=["stalled"])


def fetch_all(x, p):
    clients = [p.run("a", fetch, p.ip["b"], comm="client") for _ in range(4)]
    x.is_("bytes", sum(p.wait(c) for c in clients), 4 * 500000)


def serve(ip):
    listener = listen(ip, 5001)

    def answer(c):
        while size := c.recv(16):
            c.sendall(b"r" * int(size))

    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def fetch(ip):
    s = connect(ip, 5001)
    s.sendall(b"500000".ljust(16))
    n = len(receive_all(s, 500000))
    s.close()
    return n
