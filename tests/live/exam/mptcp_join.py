# SPDX-License-Identifier: MIT
"""One way of Multipath TCP is cut: the kernel's own attempts to use it fail, and no program's."""
from mptcp import PORT, Paths, need_mptcp, send, serve
from net import Tape


def exam(x):
    need_mptcp()
    with Paths(x) as p:
        p.run("b", serve, comm="server")
        p.wait_listening("b", PORT)
        p.rule("b", f"ip daddr {p.second['b']} tcp dport {PORT} drop")
        before = p.nstat("a")
        with Tape(x) as t:
            sent = [p.wait(p.run("a", send, p.ip["b"], 2.5, comm="cut")) for _ in range(2)]
            plain = p.wait(p.run("a", send, p.ip["b"], 0.2, 6, comm="plain"))
        tried = p.nstat("a")["MPTcpExtMPJoinSynTx"] - before["MPTcpExtMPJoinSynTx"]
    mine = ("--addr", f"{p.cidr},{p.second_cidr}")
    x.is_("subflows that the kernel tried", tried, 2)
    rows = t.json("connects", *mine)
    x.is_("connects of programs, by the log", sorted(r["comm"] for r in rows if r["result"] == "ok"),
          ["cut", "cut", "plain"])
    joins = [r for r in rows if r["result"] != "ok"]
    x.is_("subflows", [(r["result"], r["mptcp_subflow"], r["raddr"], r["why"]) for r in joins],
          [("not-joined", "join", p.second["b"], "no answer")] * tried)
    x.is_("failed connects", t.json("connects", "-x", *mine), [])
    x.is_("--fail-if", t.status("report", "--fail-if", "connect_failures>0", *mine), 0)
    lives = t.json("life", *mine, "--comm", "cut")
    for s in sent:
        # The client sends all data over the first subflow.
        first = [r for r in lives if r.get("mptcp_token") == s["token"] and r["mptcp_subflow"] == "first"]
        x.is_(f"bytes of {s['token']}", [r["tx_bytes"] for r in first], [s["bytes"]])
    # Only a sample tells whose an attempt is, and a busy machine may have none of it.
    x.is_("tokens of the attempts", {r.get("mptcp_token") for r in joins} - {None} -
          {s["token"] for s in sent}, set())
    x.is_("owners of the attempts", {r.get("comm") for r in joins}, {"cut"})
    x.is_("a plain connection is no subflow",
          [r.get("mptcp_subflow") for r in t.json("life", *mine, "--comm", "plain")], [None])
    report = t.report(*mine)
    x.first(report, "subflows", f"{tried} of {tried}", "no answer", f"{p.second['b']}:{PORT}")
    x.is_("level", report["findings"][0]["level"], "notice")
    x.nothing_else(report)
    x.is_("bytes of plain", plain["bytes"] > 0, True)
