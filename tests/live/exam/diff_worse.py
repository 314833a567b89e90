# SPDX-License-Identifier: MIT
"""A server that moved to another port has far more of its connections cut: told once."""
from diff_moved import compare, load
from net import Pair, Tape


def exam(x):
    ports, tapes = [], []
    for name, n, n_bad in ("before", 400, 8), ("after", 300, 180):
        with Pair(x) as p, Tape(x, name=name) as t:
            ports.append(load(p, n, n_bad))
            tapes.append(t)
    diff = compare(tapes, p.cidr)
    worse = [f for f in diff["findings"] if f["level"] == "warning"]
    x.is_("what got worse", [f["id"] for f in worse], ["resets"])
    x.is_("the verdict counts it once", diff["verdict"].split(":")[0], "1 got worse")
    title = worse[0]["title"] if worse else ""
    for words in "moving", f"port {ports[1]} of this host", f"port {ports[0]} before", "2.0% before, 60.0% after":
        x.holds(f"it says '{words}': {title}", words in title)
    # The other way round it got better, and few are no change.
    back = compare(tapes[::-1], p.cidr)
    x.is_("what got better", [f["id"] for f in back["findings"] if f["level"] == "good"], ["resets"])
    x.is_("what got worse on the way back", [f["title"] for f in back["findings"] if f["level"] == "warning"], [])
