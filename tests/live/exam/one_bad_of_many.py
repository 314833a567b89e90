# SPDX-License-Identifier: MIT
"""3040 short requests to 20 addresses; the way to one of them loses one packet in six, of handshakes too."""
import time

from net import Pair, Tape, connect, echo_server, sh

N = 38


def exam(x):
    with Pair(x) as p:
        ips = [f"198.18.{p.number}.{i}" for i in range(10, 30)]
        for ip in ips:
            sh("ip", "-n", p.ns["b"], "addr", "add", f"{ip}/24", "dev", "lv")
        p.run("b", any_echo, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", f"ip daddr {ips[7]} numgen random mod 6 == 0 drop")
        with Tape(x) as t:
            children = [p.run("a", ask, ips[i::4], N, comm="caller") for i in range(4)]
            slow = sum(p.wait(child) for child in children)
            syns = p.nstat("a", "TcpExtTCPSynRetrans")
    x.holds(f"{syns} SYNs again, {slow} slow connects", syns and slow)
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        # Chance decides whether lost SYNs or lost data weigh more.
        for i, f in enumerate(report["findings"]):
            x.judge("false" if i else "first", ips[7] in str(f), f"{f['id']} names the bad address: {f['title']}")
    x.silent(t.report("--addr", ",".join(ip for ip in ips if ip != ips[7]), "-D", "5001"))


def any_echo():
    echo_server("0.0.0.0", 5001, 512)


def ask(ips, n):
    slow = 0
    for _ in range(n):
        for ip in ips:
            began = time.monotonic()
            s = connect(ip, 5001, 30)
            slow += time.monotonic() - began >= 1
            s.sendall(b"x" * 100)
            s.recv(100)
            s.close()
    return slow
