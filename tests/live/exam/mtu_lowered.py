# SPDX-License-Identifier: MIT
"""Healthy: the MTU of the sender's interface is lowered while a transfer runs; nothing is lost."""
import time

from net import Pair, Tape, connect, sh, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            sender = p.run("a", push, p.ip["b"], comm="bulk")
            p.wait_established("a", 5001, 1)
            sender.tell()
            sh("ip", "-n", p.ns["a"], "link", "set", "lv", "mtu", "1200")
            sender.tell()
            x.is_("bytes sent", p.wait(sender), 2 * 200 * 8000)
        x.is_("timeouts", p.nstat("a", "TcpExtTCPTimeouts"), 0)
    x.silent(t.report("--addr", p.cidr))


def push(child, ip):
    s = connect(ip, 5001)
    for _ in range(2):
        child.wait_until_told()
        for _ in range(200):
            s.sendall(b"x" * 8000)
            time.sleep(0.001)
    s.close()
    return 2 * 200 * 8000
