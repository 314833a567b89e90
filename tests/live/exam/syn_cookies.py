# SPDX-License-Identifier: MIT
"""Healthy: every connection of a server comes from a SYN cookie, and all are answered."""
from net import Pair, Tape, connect, echo_server, receive_all

N, BYTES = 6, 5000


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=2"]) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            x.is_("answered", p.wait(p.run("a", ask, p.ip["b"], comm="client")), N)
        cookies = p.nstat("b", "TcpExtSyncookiesRecv")
    x.is_("cookies that came back, by nstat", cookies, N)
    served = t.json("life", "-L", "5001", "--addr", p.cidr)
    x.is_("bytes of the server's ends", [(r["tx_bytes"], r["rx_bytes"]) for r in served], [(BYTES, BYTES)] * N)
    x.is_("owners", {r["comm"] for r in served}, {"server"})
    for options in ((), ("-L", "5001"), ("-D", "5001")):
        x.silent(t.report("--addr", p.cidr, *options))


def ask(ip):
    answered = 0
    for _ in range(N):
        s = connect(ip, 5001, 10)
        s.sendall(b"x" * BYTES)
        answered += len(receive_all(s, BYTES)) == BYTES
        s.close()
    return answered
