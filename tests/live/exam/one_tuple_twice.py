# SPDX-License-Identifier: MIT
"""Two containers have the same addresses and the same four-tuple at one time; only one of them loses packets."""
import time

from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x) as p, Twin(x, p) as q:
        for net, name in (p, "lossy-server"), (q, "clean-server"):
            net.run("b", sink_server, net.ip["b"], 5001, comm=name)
            net.wait_listening("b", 5001)
        p.rule("b", "tcp dport 5001 meta length > 200 numgen random mod 100 < 4 drop")
        with Tape(x) as t:
            children = [p.run("a", push, p.ip, 150, comm="lossy"), q.run("a", push, q.ip, 100, comm="clean")]
            for child in children:
                p.wait(child)
        again = p.nstat("a", "TcpRetransSegs"), q.nstat("a", "TcpRetransSegs")
    x.is_("retransmissions of the clean one, by nstat", again[1], 0)
    rows = t.json("life", "--addr", p.cidr)
    sums = {r["comm"]: (r["tx_bytes"], r["rx_bytes"], r["retrans"]) for r in rows}
    x.is_("rows", len(rows), 4)
    x.is_("bytes", {name: value[:2] for name, value in sums.items()},
          {"lossy": (1500000, 0), "clean": (1000000, 0), "lossy-server": (0, 1500000), "clean-server": (0, 1000000)})
    probes = sum(r["cause"] == "tlp" for r in t.json("retrans", "-l", "--addr", p.cidr, "--comm", "lossy"))
    x.is_("retransmissions without probes", (sums["lossy"][2], sums["clean"][2]), (again[0] - probes, again[1]))
    report = t.report("--addr", p.cidr, "--comm", "lossy")
    x.first(report, "loss", p.ip["b"])
    x.silent(t.report("--addr", p.cidr, "--comm", "clean"))
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "loss", p.ip["b"])
    x.nothing_else(report, may=["tail-loss", "timeouts"])


class Twin(Pair):
    """Namespaces of other names with the addresses of a pair."""

    def __init__(self, x, p):
        super().__init__(x)
        self.ns = {side: name + "t" for side, name in p.ns.items()}


def push(ip, n):
    s = connect(ip["b"], 5001, 30, sport=33333, src=ip["a"])
    for _ in range(n):
        s.sendall(b"x" * 10000)
        time.sleep(0.005)
    s.close()
    time.sleep(0.8)
