# SPDX-License-Identifier: MIT
"""Connections carry 64 KiB each way and are closed with SO_LINGER 0, which clears the kernel's figures."""
from net import Pair, Tape, connect, echo_server, listen, receive_all, rst_close, wait_for

BYTES = 65536
N = 5


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        holder = p.run("b", hold, p.ip["b"], 5002, comm="holder")
        p.wait_listening("b", 5001, 5002)
        with Tape(x) as t:
            p.wait(p.run("a", exchange, p.ip["b"], 5001, rst_close, comm="client"))
            p.wait(p.run("a", exchange, p.ip["b"], 5002, rst_close, comm="client"))
            wait_for(lambda: not p.x("b", "ss", "-Htn", "state", "established"), what="the RSTs")
        with Tape(x, "-p", "bytes", name="b") as calls:
            p.wait(p.run("a", exchange, p.ip["b"], 5002, rst_close, comm="client"))
            p.wait(p.run("a", exchange, p.ip["b"], 5001, lambda s: s.close(), comm="client"))
        holder.kill()

    def client_rows(tape, port):
        rows = tape.json("life", "--addr", p.cidr, "-D", str(port))
        return [(r.get("tx_bytes"), r.get("rx_bytes"), r.get("bytes_by")) for r in rows]

    # The server's end was told of, and is that of the client turned round.
    x.is_("both ends end", client_rows(t, 5001), [(BYTES, BYTES, "peer")] * N)
    # The server holds its end: nobody tells.
    x.is_("one end ends", client_rows(t, 5002), [(None, None, None)] * N)
    for row in t.json("life", "--addr", p.cidr, "-D", "5002"):
        x.is_("figures that are not known", [k for k in ("rtt_us", "rto_us", "total_retrans") if k in row], [])
    report = t.report("--addr", p.cidr)
    x.is_("sums leave out", report.get("connections_without_bytes"), 2 * N)
    x.is_("bytes", report["bytes"], 4 * N * BYTES)
    x.holds("a note says so", any("SO_LINGER 0" in note for note in report["notes"]))
    x.holds("there is a rate", "retrans_rate" in report["metrics"])
    # Where the calls were recorded, they tell; and the healthy twin has the kernel's own figures.
    x.is_("by calls", client_rows(calls, 5002), [(BYTES, BYTES, "io")] * N)
    x.is_("closed with a FIN", client_rows(calls, 5001), [(BYTES, BYTES, "tcp_info")] * N)


def exchange(ip, port, end):
    for _ in range(N):
        s = connect(ip, port)
        s.sendall(b"x" * BYTES)
        receive_all(s, BYTES)
        end(s)


def hold(ip, port):
    listener = listen(ip, port)
    held = []
    while True:
        s, _ = listener.accept()
        receive_all(s, BYTES)
        s.sendall(b"y" * BYTES)
        held.append(s)
