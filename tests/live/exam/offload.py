# SPDX-License-Identifier: MIT
"""Segmentation offload: one event stands for many segments, and each view says so."""
import time

from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x, gso=True) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "tcp dport 5001 meta length > 200 numgen random mod 100 < 4 drop")
        with Tape(x) as t:
            p.wait(p.run("a", push, p.ip["b"], comm="bulk"))
        segs = p.nstat("a", "TcpRetransSegs")
    slice_ = ("-D", "5001", "--addr", p.cidr)
    events = len(t.json("retrans", "-l", *slice_))
    x.holds(f"{events} events for {segs} segments", events < segs)
    x.is_("life", t.json("life", *slice_)[0].get("retrans_segs"), segs)
    x.is_("retrans -c", t.json("retrans", "-c", *slice_)[0].get("retrans_segs"), segs)
    for view in (("life", "-w"), ("retrans", "-c"), ("top", "-i", "60s")):
        x.holds(f"{view[0]} tells the segments", str(segs) in t.out(*view, *slice_).replace(",", ""))
    report = t.report(*slice_)
    x.first(report, "loss", p.ip["b"], f"{segs:,} segments")
    x.nothing_else(report, may=["timeouts", "tail-loss"])


def push(ip):
    s = connect(ip, 5001)
    for _ in range(300):
        s.sendall(b"x" * 60000)
    time.sleep(1)
    s.close()
