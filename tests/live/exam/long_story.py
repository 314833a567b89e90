# SPDX-License-Identifier: MIT
"""One connection has trouble at its beginning, in its middle and at its end: all of it is its story."""
import time

from net import Pair, Tape, connect, sink_server, wait_for


def exam(x):
    cuts = []
    with Pair(x) as p:
        sink = p.run("b", sink_server, p.ip["b"], 5001, comm="sink")
        p.wait_listening("b", 5001)
        # Losses all the time, so that there is far more than a history has room for.
        lossy = "tcp dport 5001 tcp flags & syn == 0 numgen random mod 100 < 4 drop"
        with Tape(x) as t:
            p.rule("b", lossy)
            p.run("a", send_for_long, p.ip["b"], comm="sender")
            p.wait_established("b", 5001, 1)
            for rest in 0.3, 2.5, 2.5:
                time.sleep(rest)
                cuts.append(cut(p))
                p.rule("b", lossy)
            # The kernel closes with data unread, which is a RST.
            p.kill(sink)
            wait_for(lambda: not p.ss("a", "dport = :5001"), what="the end of the connection")
    report = t.report("--addr", p.cidr, "-D", "5001")
    rows = [r for r in report["connections"] if r.get("rport") == 5001]
    x.is_("connections", len(rows), 1)
    story = rows[0]["history"]
    events = story["events"]
    print({k: v for k, v in story.items() if k != "events"})
    seen = [e for e in t.json("retrans", "-l", "--addr", p.cidr, "-D", "5001")]
    x.at_least("retransmissions on the tape", len(seen), 300)
    x.is_("events left out", story["left_out"], 0)
    x.is_("timeouts, one by one", [e["ts_ns"] for e in events if e["what"] == "rto" and e["n"] == 1],
          [e["ts_ns"] for e in seen if e["cause"] == "rto"])
    for what in "fast", "loss", "tlp":
        x.is_(f"events of kind {what}", sum(e["n"] for e in events if e["what"] == what),
              sum(e["cause"] == what for e in seen))
    for i, (since, until) in enumerate(cuts):
        x.at_least(f"timeouts in the {i + 1}. cut",
                   sum(e["what"] == "rto" and since <= e["ts_ns"] <= until for e in events), 2)
    # Something is told of each part of the life in which something was retransmitted.
    begin, end = story["states"][0]["since_ns"], story["states"][-1]["until_ns"]
    for i in range(20):
        since, until = (begin + (end - begin) * k // 20 for k in (i, i + 1))
        if any(since <= e["ts_ns"] < until for e in seen):
            x.holds(f"part {i + 1} of 20 is not empty", any(
                e["ts_ns"] < until and e.get("until_ns", e["ts_ns"]) >= since
                for e in events if e["what"] not in ("state", "congestion", "end")))
    states = [s["state"] for s in story["states"]]
    x.is_("the first states", states[:2], ["SYN_SENT", "ESTABLISHED"])
    x.holds("no hole between the states", all(
        a["until_ns"] == b["since_ns"] for a, b in zip(story["states"], story["states"][1:])))
    # An error that is reported after the end stands behind it.
    x.is_("the last event", [e["what"] for e in events if e["what"] != "error"][-1], "end")
    x.is_("gaps", story["gaps"], [])


def cut(p):
    """Drops everything until two timeouts have come; returns the time of that."""
    since = time.monotonic_ns()
    before = p.nstat("a", "TcpExtTCPTimeouts")
    p.rule("b", "tcp dport 5001 drop")
    wait_for(lambda: p.nstat("a", "TcpExtTCPTimeouts") >= before + 2, what="two timeouts")
    until = time.monotonic_ns()
    p.clear("b")
    return since, until


def send_for_long(ip):
    c = connect(ip, 5001)
    while True:
        c.sendall(b"x" * 20000)
        time.sleep(0.002)
