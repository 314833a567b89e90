# SPDX-License-Identifier: MIT
"""record --pid and --comm: the retransmissions of that client's, or that server's, connections and no others."""
import threading
import time

from net import Pair, Tape, connect, listen, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="sink")
        servers = [p.run("b", serve, p.ip["b"], port, comm=name)
                   for port, name in ((5002, "wanted"), (5003, "unwanted"))]
        p.wait_listening("b", 5001, 5002, 5003)
        p.rule("b", "tcp dport 5001 meta length > 200 numgen random mod 100 < 4 drop")
        p.rule("a", "tcp sport { 5002, 5003 } meta length > 200 numgen random mod 100 < 4 drop")
        clients = [p.run("a", push, p.ip["b"], comm=name) for name in ("mine", "other")]
        pid = clients[0].pid
        with Tape(x, name="all") as whole, Tape(x, "--pid", str(pid), name="client", busy=False) as client, \
                Tape(x, "--pid", str(servers[0].pid), name="server", busy=False) as server, \
                Tape(x, "--comm", "wanted", name="comm", busy=False) as by_comm:
            clients += [p.run("a", fetch, p.ip["b"], port, comm="fetch") for port in (5002, 5003)]
            for child in clients[:2]:
                child.tell()
            for child in clients:
                p.wait(child)

    def n(tape, *options):
        return len(tape.json("retrans", "-l", "--addr", p.cidr, *options))

    x.at_least("retransmissions of the client", n(whole, "--pid", str(pid)), 5)
    x.is_("the client's tape", (n(client), n(client, "--pid", str(pid))), (n(whole, "--pid", str(pid)),) * 2)
    x.at_least("retransmissions of the server", n(whole, "-L", "5002"), 5)
    for name, tape in ("--pid", server), ("--comm", by_comm):
        x.is_(f"the server's tape, {name}", (n(tape), n(tape, "-L", "5002")), (n(whole, "-L", "5002"),) * 2)
        x.first(tape.report("--addr", p.cidr, "-L", "5002"), "loss", p.ip["a"])


def push(child, ip):
    s = connect(ip, 5001, 30)
    child.wait_until_told()
    for _ in range(200):
        s.sendall(b"x" * 10000)
        time.sleep(0.003)
    s.close()
    time.sleep(0.8)


def serve(ip, port):
    listener = listen(ip, port)

    def answer(c):
        c.recv(10)
        for _ in range(100):
            c.sendall(b"r" * 10000)
            time.sleep(0.003)
        c.close()

    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def fetch(ip, port):
    for _ in range(2):
        s = connect(ip, port, 30)
        s.sendall(b"GET")
        while s.recv(65536):
            pass
        s.close()
