# SPDX-License-Identifier: MIT
"""A program's name holds a comma: it can be asked for, and what the recording's filter hides is counted."""
from net import Pair, Tape, connect, sink_server


def exam(x):
    with Pair(x) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, "-p", "life", "--comm", "one\\,two,plain") as t:
            for comm, n in (("one,two", 3), ("plain", 2), ("two", 4)):
                p.wait(p.run("a", calls, p.ip["b"], n, comm=comm))
    rows = t.json("life", "--addr", p.cidr)
    x.is_("connections", sorted(r.get("comm", "-") for r in rows), ["one,two"] * 3 + ["plain"] * 2)
    x.is_("of one", len(t.json("life", "--addr", p.cidr, "--comm", "one\\,two")), 3)
    info = t.json("info")[0]
    events = sum(e["recorded"] for e in info["events"].values())
    shown = len(t.json("replay"))
    x.is_("the filter", info["filter"], "--comm one\\,two,plain")
    x.is_("hidden and shown", info["events_hidden"] + shown, events)
    x.at_least("hidden", info["events_hidden"], 4)
    x.holds("the view says so", f"hides {info['events_hidden']:,} event" in t.out("replay"))


def calls(ip, n):
    for _ in range(n):
        connect(ip, 5001).close()
