# SPDX-License-Identifier: MIT
"""A database host reboots while a pool is idle: queries on ten old connections get a RST, new ones are well."""
import time

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x) as p:
        server = p.run("b", echo_server, p.ip["b"], 5432, comm="db")
        p.wait_listening("b", 5432)
        pool = p.run("a", hold, p.ip["b"], comm="pool")
        p.wait_established("a", 5432, 10)
        time.sleep(0.3)
        with Tape(x, "--rport", "5432") as t:
            # Nothing of the dying host reaches anybody.
            p.rule("b", "drop", "out")
            p.kill(server)
            time.sleep(0.3)
            p.x("b", "ss", "-K", "sport", "=", ":5432", check=False)
            time.sleep(0.2)
            p.clear("b")
            p.run("b", echo_server, p.ip["b"], 5432, comm="db")
            p.wait_listening("b", 5432)
            pool.tell()
            x.is_("told", p.wait(pool), {"ConnectionResetError": 10})
    report = t.report("--addr", p.cidr)
    x.first(report, "resets", "10", "port 5432")
    x.holds("a restart is named", "restarted" in report["findings"][0]["meaning"])
    x.nothing_else(report)


def hold(child, ip):
    held = [connect(ip, 5432, 5) for _ in range(10)]
    for s in held:
        s.sendall(b"q")
        s.recv(1)
    child.wait_until_told()
    n = {}
    for s in held:
        try:
            s.sendall(b"q")
            what = s.recv(1)
        except OSError as error:
            what = type(error).__name__
        n[what] = n.get(what, 0) + 1
        s.close()
        s = connect(ip, 5432, 5)
        s.sendall(b"q")
        s.recv(1)
        s.close()
    return n
