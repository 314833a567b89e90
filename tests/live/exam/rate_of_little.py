# SPDX-License-Identifier: MIT
"""Fast open on a path that drops its SYNs: 10 of 60 bytes are sent again, which is no rate."""
import socket

from net import Pair, Tape


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_fastopen=3",
                          "net.ipv4.tcp_fastopen_blackhole_timeout_sec=0"]) as p:
        p.run("b", serve, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            x.is_("answers", p.wait(p.run("a", ask, p.ip["b"], 3, comm="good")), 3)
            p.rule("b", "tcp flags & (syn|ack) == syn ip length > 70 drop")
            x.is_("answers", p.wait(p.run("a", ask, p.ip["b"], 2, comm="hole")), 2)
    report = t.report("--addr", p.cidr)
    x.silent(report)
    x.holds("no rate", "retrans_rate" not in report["metrics"])
    x.is_("status", t.status("report", "--fail-if", "retrans_rate>1%", "--addr", p.cidr), 0)
    x.holds("it says why", "too little" in t.out("report", "--fail-if", "retrans_rate>1%", "--addr", p.cidr))


def serve(ip):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((ip, 5001))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
    listener.listen(16)
    while True:
        c, _ = listener.accept()
        c.sendall(c.recv(4096))
        c.close()


def ask(ip, many):
    n = 0
    for _ in range(many):
        s = socket.socket()
        s.sendto(b"hello", socket.MSG_FASTOPEN, (ip, 5001))
        n += s.recv(5) == b"hello"
        s.close()
    return n
