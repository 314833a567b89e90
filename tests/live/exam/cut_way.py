# SPDX-License-Identifier: MIT
"""The way to a host is cut for a few seconds: all three connections recover, and nobody is forgotten."""
import time

from net import Pair, Tape, connect, echo_server, receive_all, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            asker = p.run("a", ask, p.ip["b"], comm="asker")
            p.wait_established("a", 5001, 3)
            p.rule("b", "drop")
            asker.tell()
            wait_for(lambda: all(f"backoff:{n}" not in p.ss("a", "-i") for n in (0, 1, 2)) and
                     "backoff:3" in p.ss("a", "-i"), what="three timeouts in a row")
            p.clear("b")
            waited = p.wait(asker)
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "stalled", "were stuck", p.ip["b"])
    x.holds("a warning, as all recovered", report["findings"][0]["level"] == "warning")
    x.holds("nobody is forgotten", "forgotten" not in str([f["meaning"] for f in report["findings"]]))
    x.nothing_else(report, may=["stalled", "timeouts", "loss"])
    worst = [f["evidence"].get("stalled_ns", 0) for f in report["findings"] if f["id"] == "stalled"]
    x.holds(f"stuck for {max(worst)} ns of the {max(waited)} s that the program waited",
            max(waited) * 0.6 <= max(worst) / 1e9 <= max(waited))


def ask(child, ip):
    held = [connect(ip, 5001) for _ in range(3)]
    child.wait_until_told()
    began = time.monotonic()
    for s in held:
        s.sendall(b"q" * 300)
    waited = []
    for s in held:
        receive_all(s, 300)
        waited.append(time.monotonic() - began)
    return waited
