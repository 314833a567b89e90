# SPDX-License-Identifier: MIT
"""Healthy: a forking server, one that passes its connections to a worker, and one with two workers."""
import os
import signal
import socket
import time

from net import Pair, Tape, connect, libc, listen, set_comm

PR_SET_PDEATHSIG = 1
SERVERS = {5001: "master", 5002: "acceptor", 5003: "pre"}


def exam(x):
    with Pair(x) as p:
        for port, name in SERVERS.items():
            p.run("b", {5001: forking, 5002: passing, 5003: prefork}[port], p.ip["b"], port, comm=name)
        p.wait_listening("b", *SERVERS)
        time.sleep(0.3)
        for profile in "loss", "bytes":
            with Tape(x, "-p", profile, name=profile) as t:
                served = p.wait(p.run("a", ask, p.ip["b"], comm="client"))
            rows = {r["rport"]: r for r in t.json("life", "-L", "5001,5002,5003", "--addr", p.cidr)}
            x.is_(f"{profile}: connections", len(rows), len(served))
            for sport, (name, pid) in served.items():
                r = rows.get(sport, {})
                # With the calls recorded, who spoke is certain; else a listener's name is marked as such.
                right = (r.get("comm"), r.get("pid")) == (name, pid)
                x.holds(f"{profile}: {name}[{pid}]: {r.get('comm')}[{r.get('pid')}] by {r.get('owner')}",
                        right or (profile == "loss" and r.get("owner") == "listener"))
            x.silent(t.report("--addr", p.cidr))


def ask(ip):
    served = {}
    for port in SERVERS:
        for _ in range(3):
            s = connect(ip, port, 10)
            s.sendall(b"who?")
            name, pid = s.recv(40).decode().split()
            served[s.getsockname()[1]] = name, int(pid)
            s.close()
            time.sleep(0.05)
    return served


def answer(c, name):
    c.recv(100)
    c.sendall(f"{name} {os.getpid()}".encode())
    c.close()


def forking(ip, port):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = listen(ip, port)
    while True:
        c, _ = listener.accept()
        if not os.fork():
            listener.close()
            set_comm("child")
            answer(c, "child")
            os._exit(0)
        c.close()


def fork_worker(name):
    """Returns true in a child that ends with its parent."""
    if os.fork():
        return False
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    set_comm(name)
    return True


def passing(ip, port):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    if fork_worker("worker"):
        while True:
            answer(socket.socket(fileno=socket.recv_fds(theirs, 10, 1)[1][0]), "worker")
    listener = listen(ip, port)
    while True:
        c, _ = listener.accept()
        socket.send_fds(ours, [b"x"], [c.fileno()])
        c.close()


def prefork(ip, port):
    listener = listen(ip, port)
    name = "pre1" if fork_worker("pre1") else "pre0" if fork_worker("pre0") else None
    while not name:
        time.sleep(100)
    while True:
        answer(listener.accept()[0], name)
