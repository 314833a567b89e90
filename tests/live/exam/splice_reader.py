# SPDX-License-Identifier: MIT
"""A server reads a MiB with splice(), which is no receive call: how much it read is not 0."""
import os

from net import Pair, Tape, connect, listen, wait_for

BYTES = 1 << 20


def exam(x):
    with Pair(x) as p:
        server = p.run("b", splice_all, p.ip["b"], 5001, comm="splicer")
        p.wait_listening("b", 5001)
        with Tape(x, "-p", "bytes") as t:
            p.wait(p.run("a", send, p.ip["b"], comm="sender"))
            x.is_("the server's own count", p.wait(server), BYTES)
            wait_for(lambda: not p.x("b", "ss", "-Htn", "state", "established"), what="the end")
    rows = [r for r in t.json("top", "-i", "1h", "--addr", p.cidr) if r.get("lport") == 5001]
    x.is_("rows of the server", len(rows), 1)
    x.is_("what top says that it read", [r.get("rx_bytes") for r in rows], [None])
    x.holds("a note says that more was moved", "and more was moved: 1.0 MiB of 1 connection" in
            t.out("top", "-i", "1h", "--addr", p.cidr))
    life = [r for r in t.json("life", "--addr", p.cidr) if r.get("lport") == 5001]
    x.is_("what life says", [(r.get("rx_bytes"), r.get("bytes_by")) for r in life], [(BYTES, "tcp_info")])


def splice_all(ip, port):
    c, _ = listen(ip, port).accept()
    read_end, write_end = os.pipe()
    total = 0
    while True:
        n = os.splice(c.fileno(), write_end, 65536)
        if not n:
            return total
        total += n
        os.read(read_end, n)


def send(ip):
    s = connect(ip, 5001)
    s.sendall(b"x" * BYTES)
    s.close()
