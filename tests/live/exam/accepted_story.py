# SPDX-License-Identifier: MIT
"""An accepted connection hangs while it closes, on a tape of states alone: it was ESTABLISHED before."""
import time

from net import Pair, Tape, connect, listen, wait_for


def exam(x):
    with Pair(x) as p, Tape(x, "-p", "life") as t:
        server = p.run("b", close_late, p.ip["b"], comm="server")
        p.wait_listening("b", 8080)
        p.run("a", hold, p.ip["b"], comm="client")
        p.wait_established("b", 8080, 1)
        time.sleep(0.5)
        p.rule("a", "tcp sport 8080 drop")
        server.tell()
        wait_for(lambda: p.nstat("b", "TcpExtTCPTimeouts") >= 3, what="three timeouts")
    report = t.report("--addr", p.cidr)
    rows = [r for r in report["connections"] if r.get("lport") == 8080]
    x.is_("connections", len(rows), 1)
    story = rows[0]["history"]
    states = story["states"]
    x.is_("states", [s["state"] for s in states], ["SYN_RECV", "ESTABLISHED", "FIN_WAIT1"])
    took = [s["until_ns"] - s["since_ns"] for s in states]
    x.at_least("ns in ESTABLISHED", took[1], 400_000_000)
    x.holds("SYN_RECV was shorter than ESTABLISHED", took[0] < took[1])
    x.holds("it is still open", story["open"])
    x.holds("it says that retransmissions were not recorded", "retransmissions" in story.get("unknown", ""))


def close_late(child, ip):
    c, _ = listen(ip, 8080).accept()
    child.wait_until_told()
    c.sendall(b"x" * 1000)
    c.close()
    time.sleep(30)


def hold(ip):
    c = connect(ip, 8080)
    c.recv(10)
    time.sleep(30)
