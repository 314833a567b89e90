# SPDX-License-Identifier: MIT
"""A receiver 200 ms away reads at once, but its small receive buffer limits the transfer; one of usual size does not."""
import socket

from net import Pair, Tape, Wire, new_socket

N = 150000


def exam(x):
    with Pair(x) as p:
        wire = Wire(p, lambda *_: [0.1])
        p.run("b", read_all, wire.ip["b"], 5001, 4096, comm="reader")
        p.run("b", read_all, wire.ip["b"], 5002, 0, comm="reader")
        p.wait_listening("b", 5001, 5002)
        with Tape(x) as t:
            for port in 5001, 5002:
                x.is_("bytes", p.wait(p.run("a", push, wire.ip["b"], port, comm="writer")), N)
    report = t.report("--addr", wire.cidr, "-D", "5001")
    x.first(report, "window", "small for the way", f"{wire.ip['b']}:5001", "writer")
    x.nothing_else(report)
    x.silent(t.report("--addr", wire.cidr, "-D", "5002"))


def read_all(ip, port, size):
    s = new_socket(ip)
    if size:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
    s.bind((ip, port))
    s.listen(8)
    c = s.accept()[0]
    while c.recv(65536):
        pass


def push(ip, port):
    s = new_socket(ip)
    s.connect((ip, port))
    s.sendall(b"x" * N)
    s.shutdown(socket.SHUT_WR)
    s.recv(1)
    s.close()
    return N
