# SPDX-License-Identifier: MIT
"""An asyncio server streams to 30 subscribers over IPv6; one of them stops reading."""
import asyncio
import socket
import time

from net import Pair, Tape, connect

N = 30


def exam(x):
    with Pair(x) as p:
        p.run("b", publish, p.ip6["b"], comm="publisher")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            readers = [p.run("a", read, p.ip6["b"], 4, comm=f"reader{i}") for i in range(N - 1)]
            slow = p.run("a", read_one_then_sleep, p.ip6["b"], comm="sleeper")
            for child in readers:
                p.wait(child)
            time.sleep(1)
            pid = slow.pid
    for options in ("--addr", p.cidr6, "-L", "5001"), ("--addr", p.cidr6, "-D", "5001"), ("--addr", p.cidr6):
        report = t.report(*options)
        x.first(report, "window", *(() if "-L" in options else (f"sleeper[{pid}]",)))
        # The others leave in the middle of the stream, which is worth a notice.
        x.nothing_else(report, may=["resets", "slow-connects"])
        x.is_("warnings", [f["id"] for f in report["findings"] if f["level"] == "warning"], ["window"])


def publish(ip):
    async def serve(_, writer):
        try:
            while True:
                writer.write(b"m" * 20000)
                await writer.drain()
                await asyncio.sleep(0.02)
        except OSError:
            pass

    async def main():
        async with await asyncio.start_server(serve, ip, 5001, backlog=64) as server:
            await server.serve_forever()

    asyncio.run(main())


def read(ip, seconds):
    s = connect(ip, 5001)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        s.recv(65536)
    s.close()


def read_one_then_sleep(ip):
    s = socket.socket(socket.AF_INET6)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    s.connect((ip, 5001))
    s.recv(1000)
    time.sleep(100)
