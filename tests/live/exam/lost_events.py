# SPDX-License-Identifier: MIT
"""The recorder is held up until its rings overflow: all outputs tell one loss, and nothing is called good."""
import re
import signal

from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, "-p", "all", "-b", "64K") as t:
            t.recorder.send_signal(signal.SIGSTOP)
            p.wait(p.run("a", calls, p.ip["b"], 600))
            t.recorder.send_signal(signal.SIGCONT)
            p.wait(p.run("a", calls, p.ip["b"], 5))
    info = t.json("info")[0]
    lost = sum(e["lost"] for e in info["events"].values())
    x.at_least("lost events", lost, 1000)
    x.is_("the recorder's figure", number(r"lost ([\d,]+)", t.said), lost)
    x.is_("that of life", number(r"lost ([\d,]+) event", t.out("life")), lost)
    x.is_("that of retrans", number(r"lost ([\d,]+) event", t.out("retrans")), lost)
    windows = info["lost_windows"]
    x.is_("the windows add up", sum(w["count"] for w in windows), info["lost_records"])
    x.at_least("records of the rings", info["lost_records"], lost)
    begins = [(w["cpu"], w.get("from_ns")) for w in windows]
    x.is_("windows with the same begin", len(begins) - len(set(begins)), 0)
    whole = t.report()
    x.is_("the report's figure", whole["lost"], lost)
    x.is_("the report's end", whole["ended"], info["ended"])
    x.holds("nothing is good", all(f["level"] != "good"
                                   for r in (whole, t.report("--addr", p.cidr))
                                   for f in r["findings"]))


def number(pattern, text):
    found = re.search(pattern, text)
    return int(found[1].replace(",", "")) if found else None


def calls(ip, n):
    for _ in range(n):
        connect(ip, 5001).close()
