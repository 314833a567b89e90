# SPDX-License-Identifier: MIT
"""Six connects have waited since before the recording began, and nothing happens while it runs."""
import socket

from net import Pair, Tape, connect, sink_server, wait_for


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syn_linear_timeouts=0"]) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "tcp dport 81 drop")
        waiting = p.run("a", wait, p.ip["b"], 6, comm="waiting")
        idle = p.run("a", hold, p.ip["b"], comm="idle")
        # The fourth SYN goes after seven seconds, the next one eight seconds later.
        wait_for(lambda: len([l for l in syn_sent(p) if ",3)" in l]) == 6, 30, "three SYNs again")
        p.wait_established("a", 5001, 1)
        with Tape(x) as t:
            pass
        still = len(syn_sent(p))
        p.kill(waiting)
        p.kill(idle)
    x.is_("in SYN_SENT", still, 6)
    rows = t.json("connects", "--addr", p.cidr, "-D", "81")
    x.is_("connects", [(r["result"], r["began"], r["comm"]) for r in rows],
          [("pending", "before", "waiting")] * 6)
    x.holds("their SYNs are counted", all(r["syn_retrans"] >= 3 for r in rows))
    x.is_("failed ones", len(t.json("connects", "-x", "--addr", p.cidr)), 6)
    lives = t.json("life", "--addr", p.cidr, "-D", "81")
    x.is_("life", [(r["began"], r["ended"]) for r in lives], [("before", "open")] * 6)
    report = t.report("--addr", p.cidr)
    x.first(report, "unreachable", "6 of 6", "since before the recording")
    x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "-D", "5001"))


def syn_sent(p):
    return p.x("a", "ss", "-Htnao", "state", "syn-sent").splitlines()


def wait(child, ip, n):
    held = []
    for _ in range(n):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((ip, 81))
        held.append(s)
    child.wait_until_told()


def hold(child, ip):
    held = connect(ip, 5001)
    child.wait_until_told()
    held.close()
