# SPDX-License-Identifier: MIT
"""On a way of 300 ms three of 23 connects lose their SYN; the far way alone is not slow."""
from net import Pair, Tape, Wire, connect, sink_server


def exam(x):
    with Pair(x) as p:
        lost = []

        def way(i, packet, side, seconds):
            del i, seconds
            # The first SYN from each of three ports is lost.
            port = int.from_bytes(packet[20:22], "big")
            if side == "a" and packet[9] == 6 and packet[33] & 0x12 == 2 and port in LOSE and port not in lost:
                lost.append(port)
                return []
            return [0.15]

        wire = Wire(p, way)
        for ip in p.ip["b"], wire.ip["b"]:
            p.run("b", sink_server, ip, 5001, comm="server")
            p.wait_listening("b", 5001)
        with Tape(x) as t:
            near = p.run("a", calls, p.ip, 40, [None], comm="near")
            children = [p.run("a", calls, wire.ip, 5, [None], comm="far") for _ in range(4)]
            children += [p.run("a", calls, wire.ip, 1, [port], comm="lost") for port in LOSE]
            for child in (near, *children):
                p.wait(child)
        again = p.nstat("a", "TcpExtTCPSynRetrans")
    x.is_("SYNs again", again, 3)
    report = t.report("--addr", wire.cidr)
    x.first(report, "slow-connects", "3 of 23", "a second or more")
    x.nothing_else(report)
    x.silent(t.report("--addr", f"{p.cidr},{wire.cidr}", "--comm", "near,far"))


LOSE = (33331, 33332, 33333)


def calls(ip, n, ports):
    for _ in range(n):
        for port in ports:
            connect(ip["b"], 5001, 20, sport=port, src=ip["a"]).close()
