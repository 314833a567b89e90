# SPDX-License-Identifier: MIT
"""A virtual device of the sender has a queue for 8 packets, and drops most of each burst: no network is to blame."""
import time

from net import Pair, Tape, Wire, connect, sh, sink_server

N, BYTES = 12, 300000


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_congestion_control=reno"]) as p:
        wire = Wire(p, lambda *_: [0.01])
        # The device drops what its reader does not take in time; there is no queue before it.
        sh("ip", "-n", p.ns["a"], "link", "set", "tw", "txqueuelen", "8")
        sh("ip", "netns", "exec", p.ns["a"], "tc", "qdisc", "replace", "dev", "tw", "root", "noqueue", check=False)
        p.run("b", sink_server, wire.ip["b"], 5001, comm="sink")
        p.wait_listening("b", 5001)
        # A namespace is read by way of a process that is in it.
        p.run("a", rest, comm="idle")
        with Tape(x) as t:
            for child in [p.run("a", send, wire.ip["b"], comm="sender") for _ in range(N)]:
                p.wait(child)
        dropped = drops(p)
        again = p.nstat("a", "TcpRetransSegs")
    x.at_least("packets that the device dropped", dropped, 30)
    print("segments sent again:", again)
    report = t.report("--addr", wire.cidr, "-D", "5001")
    x.first(report, "devices", "tw", "tx_drop", "host")
    x.is_("drops", report["findings"][0]["evidence"].get("tx_drop"), dropped)
    x.is_("places", {f["place"] for f in report["findings"]}, {"host"})


def rest():
    time.sleep(120)


def drops(p):
    for line in p.x("a", "cat", "/proc/net/dev").splitlines():
        if line.strip().startswith("tw:"):
            return int(line.split(":")[1].split()[11])
    return 0


def send(ip):
    s = connect(ip, 5001, 60)
    s.sendall(b"x" * BYTES)
    s.close()
