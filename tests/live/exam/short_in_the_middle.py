# SPDX-License-Identifier: MIT
"""Two seconds are recorded in the middle of four transfers, two of which lose packets."""
import time

from net import Pair, Tape, connect, sh, sink_server, wait_for


def exam(x):
    with Pair(x) as p:
        sh("ip", "-n", p.ns["b"], "addr", "add", f"198.18.{p.number}.3/24", "dev", "lv")
        bad = f"198.18.{p.number}.3"
        for ip in p.ip["b"], bad:
            p.run("b", sink_server, ip, 5001, comm="server")
        wait_for(lambda: p.x("b", "ss", "-Htln", "sport = :5001").count("\n") >= 2, what="two listeners")
        p.rule("b", f"ip daddr {bad} tcp dport 5001 meta length > 200 numgen random mod 100 < 4 drop")
        for ip, name in ((p.ip["b"], "clean"), (p.ip["b"], "clean"), (bad, "lossy"), (bad, "lossy")):
            p.run("a", push, ip, comm=name)
        p.wait_established("a", 5001, 4)
        time.sleep(1)
        before = p.nstat("a", "TcpRetransSegs")
        with Tape(x, "-d", "2") as t:
            t.recorder.wait()
            again = p.nstat("a", "TcpRetransSegs") - before
    n = len(t.json("retrans", "-l", "--addr", p.cidr, "-D", "5001"))
    x.holds(f"{n} on the tape, {again} while it was recorded and a little longer", 10 <= n <= again)
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "loss", bad)
        x.nothing_else(report, may=["tail-loss", "timeouts"])
    x.silent(t.report("--addr", p.cidr, "--comm", "clean"))


def push(ip):
    s = connect(ip, 5001, 30)
    while True:
        s.sendall(b"x" * 10000)
        time.sleep(0.004)
