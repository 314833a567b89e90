# SPDX-License-Identifier: MIT
"""A SYN flood of 250 made-up addresses, while 20 real clients are answered."""
import random
import socket
import struct
import time

from net import Pair, Tape, connect, echo_server, sh, wait_for

N = 250


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=0", "net.ipv4.tcp_max_syn_backlog=1024"]) as p:
        sh("ip", "-n", p.ns["b"], "route", "add", "default", "via", p.ip["a"])
        p.run("b", echo_server, p.ip["b"], 5001, 512, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            flood, real = p.run("a", flood_it, p.ip["b"], comm="flood"), p.run("a", ask, p.ip["b"], comm="real")
            p.wait(flood)
            answered = p.wait(real)
            wait_for(lambda: p.nstat("b", "TcpExtTCPSynRetrans") >= N, what="SYN-ACKs again")
    x.is_("answered", answered, 20)
    for options in (), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "syn-flood", "SYN flood", "port 5001")
        x.nothing_else(report)
    x.silent(t.report("-D", "5001", "--addr", p.cidr))


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def flood_it(ip, n=N, pause=0.008):
    """Sends SYNs by made-up addresses."""
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    to, dice = socket.inet_aton(ip), random.Random(1)
    for i in range(n):
        by = socket.inet_aton(f"203.0.{i // 250}.{i % 250 + 1}")
        head = struct.pack("!HHIIBBHHH", dice.randrange(1024, 65535), 5001, dice.randrange(1 << 32), 0,
                           0x60, 2, 64240, 0, 0) + b"\x02\x04\x05\xb4"
        pseudo = by + to + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(head))
        head = head[:16] + struct.pack("!H", checksum(pseudo + head)) + head[18:]
        raw.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(head), i, 0, 64, 6, 0, by, to) + head, (ip, 0))
        time.sleep(pause)


def ask(ip):
    answered = 0
    for _ in range(20):
        s = connect(ip, 5001, 5)
        s.sendall(b"x")
        answered += s.recv(1) == b"x"
        s.close()
        time.sleep(0.1)
    return answered
