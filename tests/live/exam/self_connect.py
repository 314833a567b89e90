# SPDX-License-Identifier: MIT
"""Healthy: a socket connects to itself, and sends itself 5 KiB."""
import socket

from net import Pair, Tape, receive_all


def exam(x):
    with Pair(x) as p:
        with Tape(x, "-p", "all") as t:
            got = p.wait(p.run("a", talk_to_myself, x.loopback, 45678, comm="selfish"))
    x.is_("bytes", got, 5120)
    mine = ("--addr", x.loopback)
    rows = t.json("life", *mine)
    x.is_("connections", [(r.get("tx_bytes"), r.get("rx_bytes")) for r in rows], [(5120, 5120)])
    x.is_("connects", [r["result"] for r in t.json("connects", *mine)], ["ok"])
    x.holds("top counts it once", "opened 1  closed 1" in t.out("top", *mine))
    x.silent(t.report(*mine))


def talk_to_myself(ip, port):
    s = socket.socket()
    s.bind((ip, port))
    s.connect((ip, port))
    s.sendall(b"x" * 5120)
    n = len(receive_all(s, 5120))
    s.close()
    return n
