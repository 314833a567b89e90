# SPDX-License-Identifier: MIT
"""The server's interface is down for three seconds: ten connections wait, and go on."""
import threading
import time

from net import Pair, Tape, connect, echo_server, sh


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            client = p.run("a", talk, p.ip["b"], 6, comm="talker")
            time.sleep(1.5)
            sh("ip", "-n", p.ns["b"], "link", "set", "lv", "down")
            time.sleep(3)
            sh("ip", "-n", p.ns["b"], "link", "set", "lv", "up")
            worst = p.wait(client)
    x.holds(f"all waited for three seconds or more: {worst}", len(worst) == 10 and min(worst) >= 2.9)
    report = t.report("--addr", p.cidr)
    x.first(report, "stalled", "10", "waited in a queue here")
    x.holds("no more than a warning, as all recovered", report["findings"][0]["level"] == "warning")
    # While the link is down, the device drops what it is given, and counts that.
    x.nothing_else(report, may=["stalled", "devices"])
    x.silent(t.report("--addr", p.cidr, "-L", "5001"))


def talk(ip, seconds):
    until, worst = time.monotonic() + seconds, []

    def run():
        s, longest = connect(ip, 5001, 30), 0
        while time.monotonic() < until:
            began = time.monotonic()
            s.sendall(b"x" * 200)
            s.recv(200)
            longest = max(longest, time.monotonic() - began)
            time.sleep(0.05)
        worst.append(round(longest, 2))
        s.close()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return worst
