# SPDX-License-Identifier: MIT
"""Fast open works, and then the path drops SYNs with data: two connects wait a second for the next one."""
import socket

from net import Pair, Tape, receive_all

TCP_FASTOPEN = 23


def exam(x):
    settings = ["net.ipv4.tcp_fastopen=3", "net.ipv4.tcp_fastopen_blackhole_timeout_sec=0"]
    with Pair(x, sysctls=settings) as p:
        p.run("b", server, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            good = p.wait(p.run("a", client, p.ip["b"], 3, comm="good"))
            p.rule("b", "tcp flags & (syn|ack) == syn ip length > 70 drop")
            bad = p.wait(p.run("a", client, p.ip["b"], 4, comm="dropped"))
        again = p.nstat("a", "TcpExtTCPSynRetrans")
    x.is_("answers, SYNs again", (good, bad, again), (15, 20, 4))
    rows = t.json("connects", "--addr", p.cidr, "--comm", "dropped")
    x.is_("results", [(r["result"], r["syn_retrans"]) for r in rows], [("ok", 1)] * 4)
    x.holds("each took a second", all(r["duration_ns"] > 0.98e9 for r in rows))
    report = t.report("--addr", p.cidr, "--comm", "dropped")
    x.first(report, "slow-connects", "4 of 4", "a second or more")
    x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "--comm", "good"))


def server(ip):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((ip, 5001))
    listener.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 16)
    listener.listen(16)
    while True:
        c, _ = listener.accept()
        c.sendall(receive_all(c, 5))
        c.close()


def client(ip, n):
    got = 0
    for _ in range(n):
        s = socket.socket()
        s.sendto(b"hello", socket.MSG_FASTOPEN, (ip, 5001))
        got += len(receive_all(s, 5))
        s.close()
    return got
