# SPDX-License-Identifier: MIT
"""A client's port is used again while the server has it in TIME_WAIT: its SYN is answered by an ACK, and goes again at once."""
from net import Pair, Tape, connect, listen

N = 4
BYTES = 120 << 20


def exam(x):
    with Pair(x, gso=True, sysctls=["net.ipv4.tcp_timestamps=0"]) as p:
        p.run("b", server, p.ip["b"], 5001, BYTES, comm="server")
        p.run("b", server, p.ip["b"], 5002, 1, comm="other")
        p.wait_listening("b", 5001, 5002)
        with Tape(x) as t:
            p.wait(p.run("a", client, p.ip, 5001, BYTES, 33333, comm="client"))
            p.wait(p.run("a", client, p.ip, 5002, 1, None, comm="healthy"))
        again, rsts = p.nstat("a", "TcpExtTCPSynRetrans", "TcpOutRsts")
    x.is_("SYNs again, RSTs", (again, rsts), (N - 1, N - 1))
    rows = t.json("connects", "--addr", p.cidr, "-D", "5001")
    x.is_("results", [r["result"] for r in rows], ["ok"] * N)
    x.holds("no connect took a second", all(r["duration_ns"] < 1e9 for r in rows))
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "slow-connects", "3 of 4", "earlier connection")
    x.holds("no second is told", "second or more" not in report["findings"][0]["title"])
    x.nothing_else(report, may=["resets", "window"])
    early = [r for r in t.json("resets", "-w", "--addr", p.cidr) if r.get("state") == "SYN_SENT"]
    x.is_("RSTs in SYN_SENT, their bytes", [r.get("tx_bytes") for r in early], [None] * (N - 1))
    x.silent(t.report("--addr", p.cidr, "-D", "5002"))


def server(ip, port, n_bytes):
    listener = listen(ip, port)
    while True:
        c, _ = listener.accept()
        n = 0
        while n < n_bytes:
            data = c.recv(1 << 20)
            if not data:
                break
            n += len(data)
        c.close()


def client(ip, port, n_bytes, sport):
    for _ in range(N):
        s = connect(ip["b"], port, 20, sport=sport, src=ip["a"])
        data = b"x" * min(n_bytes, 1 << 20)
        for _ in range(n_bytes // len(data)):
            s.sendall(data)
        s.recv(1)
        s.close()
