# SPDX-License-Identifier: MIT
"""Healthy: the recorder is stopped for four seconds while 200 short connections come and go."""
import os
import signal
import time

from net import Pair, Tape, connect, echo_server, receive_all

N = 200
PAUSE_S = 4


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, "-b", "64M") as t:
            os.kill(t.recorder.pid, signal.SIGSTOP)
            began = time.monotonic()
            try:
                p.wait(p.run("a", requests, p.ip["b"], comm="client"))
                # A pause of less than the two seconds after which a reader may give up shows nothing.
                time.sleep(max(0, began + PAUSE_S - time.monotonic()))
            finally:
                os.kill(t.recorder.pid, signal.SIGCONT)
            p.wait(p.run("a", requests, p.ip["b"], comm="client"))
    rows = t.json("life", "--addr", p.cidr, "--port", "5001")
    x.is_("ends of connections", len(rows), 4 * N)
    x.is_("phantoms", [r for r in rows if r["ended"] == "unseen" or r["began"] == "before"], [])
    x.is_("bytes of each", {(r.get("tx_bytes"), r.get("rx_bytes")) for r in rows}, {(100, 100)})
    report = t.report("--addr", p.cidr)
    x.is_("connections in the report", report["connection_count"], 4 * N)
    x.is_("bytes in the report", report["bytes"], 4 * N * 200)
    x.silent(report)


def requests(ip):
    for _ in range(N):
        s = connect(ip, 5001)
        s.sendall(b"x" * 100)
        receive_all(s, 100)
        s.close()
