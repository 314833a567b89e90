# SPDX-License-Identifier: MIT
"""A firewall lets 20 new connections a second pass; 150 come at once: SYNs are dropped, nothing else."""
import threading
import time

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, 512, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "tcp dport 5001 tcp flags & (syn|ack) == syn"
                    " limit rate over 20/second burst 20 packets drop")
        with Tape(x) as t:
            slow = p.wait(p.run("a", burst, p.ip["b"], 150, comm="burst"))
            again = p.nstat("a", "TcpExtTCPSynRetrans")
    x.at_least("SYNs again", again, 20)
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "slow-connects", "of 150", f"{p.ip['b']}:5001")
        told = report["findings"][0]
        x.holds("a firewall is named", "firewall that limits new connections" in told["meaning"])
        x.holds(f"by the client's log {slow}", abs(told["evidence"].get("slow_by_syn", 0) - slow) <= 5)
        x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "-L", "5001"))


def burst(ip, n):
    took = []

    def run():
        began = time.monotonic()
        s = connect(ip, 5001, 30)
        took.append(time.monotonic() - began)
        s.sendall(b"x")
        s.recv(1)
        s.close()

    threads = [threading.Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join()
    return sum(seconds >= 1 for seconds in took)
