# SPDX-License-Identifier: MIT
"""No data is lost: the path pauses, reorders, or loses acknowledgements only."""
import time

from net import Pair, Tape, Wire, connect, sink_server, wait_for


def pause(_number, _packet, _side, at):
    """What is sent while the path is frozen arrives when it thaws."""
    for freeze in (1.0, 2.5):
        if freeze <= at < freeze + 0.6:
            return [0.01 + freeze + 0.6 - at]
    return [0.01]


def reorder(number, _packet, side, _at):
    return [0.05 if side == "a" and number % 25 == 7 else 0.02]


def lose_acks(number, packet, side, _at):
    """30 % of the answers of b are lost, but never a SYN-ACK."""
    return [0.01] if side == "a" or packet[33] & 2 or number * 7919 % 10 >= 3 else []


def exam(x):
    for way in (pause, reorder, lose_acks):
        with Pair(x) as p:
            wire = Wire(p, way)
            p.run("b", sink_server, "0.0.0.0", 5001, comm="server")
            p.wait_listening("b", 5001)
            with Tape(x, name=way.__name__) as t:
                for sender in [p.run("a", push, wire.ip["b"], comm="bulk") for _ in range(2)]:
                    p.wait(sender)
                wait_for(lambda: "ESTAB" not in p.ss("a") and "FIN-WAIT-1" not in p.ss("a"))
        report = t.report("--addr", wire.cidr, "-D", "5001")
        for f in report["findings"]:
            x.judge("false", f["level"] != "critical" and f["id"] not in ("stalled", "tail-loss"),
                    f"{way.__name__}: {f['id']} ({f['level']})")
            if f["id"] in ("loss", "timeouts"):
                x.holds(f"{f['id']} says that data had arrived",
                        "arrived" in f["title"] + f["meaning"] + f.get("doubt", ""))


def push(ip):
    s, until = connect(ip, 5001), time.monotonic() + 4
    while time.monotonic() < until:
        s.sendall(b"x" * 6000)
        time.sleep(0.004)
    s.close()
