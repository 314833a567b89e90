# SPDX-License-Identifier: MIT
"""Healthy: a deploy drains; the new server listens beside the old one, which answers what it has and goes."""
import os
import signal
import socket
import threading
import time

from net import Pair, Tape, connect, new_socket, wait_for


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_migrate_req=1"]) as p:
        old = p.run("b", server, p.ip["b"], comm="old")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            clients = [p.run("a", ask, p.ip["b"], 3.0, comm="client") for _ in range(4)]
            time.sleep(1)
            p.run("b", server, p.ip["b"], comm="new")
            wait_for(lambda: len(p.x("b", "ss", "-Htln", "sport = :5001").splitlines()) == 2, what="two listeners")
            os.kill(old.pid, signal.SIGTERM)
            p.wait(old)
            failed = [p.wait(child) for child in clients]
    x.is_("requests without an answer", failed, [0] * 4)
    x.silent(t.report("--addr", p.cidr))


def server(ip):
    """Answers one request a connection; at SIGTERM accepts no more, and ends when all is answered."""
    drain = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: drain.set())
    listener = new_socket(ip)
    listener.setsockopt(socket.SOL_SOCKET, 15, 1)
    listener.bind((ip, 5001))
    listener.listen(128)
    listener.settimeout(0.05)
    threads = []

    def answer(c):
        c.settimeout(5)
        data = c.recv(4096)
        time.sleep(0.05)
        c.sendall(data)
        c.close()

    while not drain.is_set():
        try:
            c, _ = listener.accept()
        except TimeoutError:
            continue
        threads.append(threading.Thread(target=answer, args=(c,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    listener.close()


def ask(ip, seconds):
    failed, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with connect(ip, 5001, 5) as s:
                s.sendall(b"x" * 500)
                failed += len(s.recv(1000)) != 500
        except OSError:
            failed += 1
        time.sleep(0.02)
    return failed
