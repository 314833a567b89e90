# SPDX-License-Identifier: MIT
"""The recording begins when all clients hang already: the accept queue is full, hardly an event comes."""
import time

from net import Pair, Tape, wait_for
from queue_full import begin_connects, deaf


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=0"]) as p:
        pid = p.run("b", deaf, 8080, 2, comm="deaf").pid
        p.wait_listening("b", 8080)
        clients = p.run("a", begin_connects, p.ip["b"], 8, comm="client")
        wait_for(lambda: p.nstat("b", "TcpExtListenOverflows") >= 10, what="dropped SYNs")
        with Tape(x) as t:
            time.sleep(2)
        clients.kill()
    report = t.report("--addr", p.cidr)
    x.first(report, "backlog", f"deaf[{pid}]", "is full", "3", "the limit is 2")
    x.nothing_else(report)
