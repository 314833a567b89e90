# SPDX-License-Identifier: MIT
"""Healthy: a connection of Multipath TCP has two ways, and a program's bytes are spread over both."""
from mptcp import PORT, Paths, need_mptcp, send, serve
from net import Tape


def exam(x):
    need_mptcp()
    with Paths(x) as p:
        p.run("b", serve, comm="server")
        p.wait_listening("b", PORT)
        before = p.nstat("a")
        with Tape(x, "-p", "bytes") as t:
            sent = [p.wait(p.run("a", send, p.ip["b"], 1.5, comm=comm)) for comm in ("one", "two")]
        joined = p.nstat("a")["MPTcpExtMPJoinSynAckRx"] - before["MPTcpExtMPJoinSynAckRx"]
    mine = ("--addr", f"{p.cidr},{p.second_cidr}")
    x.is_("subflows that joined", joined, 2)
    for s, comm in zip(sent, ("one", "two")):
        rows = [r for r in t.json("life", *mine, "--rport", str(PORT)) if r.get("mptcp_token") == s["token"]]
        x.is_(f"{comm}: subflows", sorted(r.get("mptcp_subflow") for r in rows), ["first", "join"])
        x.is_(f"{comm}: owners", {r.get("comm") for r in rows}, {comm})
        # Both subflows may carry the same data: a way that is slow for a moment is helped out.
        x.at_least(f"{comm}: bytes of both", sum(r["tx_bytes"] for r in rows), s["bytes"])
        x.is_(f"{comm}: rows of top", len({r["sk"] for r in t.json("top", *mine, "--comm", comm)
                                          if r.get("mptcp_subflow") == "first"}), 1)
        x.is_(f"{comm}: bytes in top", sum(r.get("tx_bytes", 0) for r in t.json("top", *mine, "--comm", comm)),
              s["bytes"])
    server = t.json("life", *mine, "--lport", str(PORT))
    x.is_("server's subflows", sorted(r.get("mptcp_subflow") for r in server), ["first"] * 2 + ["join"] * joined)
    x.is_("server's connections", len({r["mptcp_token"] for r in server}), 2)
    results = sorted(r["result"] for r in t.json("connects", *mine))
    x.is_("results", results, ["joined"] * joined + ["ok"] * 2)
    x.silent(t.report(*mine))
