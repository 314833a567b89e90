# SPDX-License-Identifier: MIT
"""A stateful firewall before the server is flushed: old connections hang, new ones are well."""
import socket
import struct
import time

from net import Pair, Tape, connect, echo_server, wait_for

N = 6


def exam(x):
    with Pair(x, sysctls=["net.netfilter.nf_conntrack_tcp_loose=0"]) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "ct state invalid drop")
        with Tape(x) as t:
            old = p.run("a", hold, p.ip["b"], comm="pool")
            p.wait_established("a", 5001, N)
            time.sleep(0.5)
            p.wait(p.run("b", flush))
            old.tell()
            fresh = p.run("a", ask, p.ip["b"], 30, comm="fresh")
            x.is_("answered on new connections", p.wait(fresh), 30)
            wait_for(lambda: p.nstat("a", "TcpRetransSegs") >= 4 * N, what="retransmissions")
    for options in ((), ("-D", "5001")):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "stalled", "6", "forgotten")
        x.nothing_else(report, may=["stalled"])
        x.is_("seen as stuck", report["findings"][0]["evidence"].get("open"), N)


def flush():
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
    # IPCTNL_MSG_CT_DELETE without a tuple: all of them.
    s.send(struct.pack("IHHIIBBH", 20, 1 << 8 | 2, 5, 1, 0, socket.AF_INET, 0, 0))
    code = struct.unpack_from("i", s.recv(1000), 16)[0]
    assert not code, code


def hold(child, ip):
    held = [connect(ip, 5001) for _ in range(N)]
    for s in held:
        s.sendall(b"one")
        s.recv(10)
    child.wait_until_told()
    for s in held:
        s.sendall(b"two")
    time.sleep(60)


def ask(ip, n):
    answered = 0
    for _ in range(n):
        s = connect(ip, 5001, 5)
        s.sendall(b"x")
        answered += s.recv(1) == b"x"
        s.close()
        time.sleep(0.1)
    return answered
