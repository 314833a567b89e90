# SPDX-License-Identifier: MIT
"""A client opens and closes a connection for each request; TIME_WAIT has all of its 200 ports after a while."""
import errno
import time

from net import Pair, Tape, connect, echo_server


def exam(x):
    with Pair(x, sysctls=["net.ipv4.ip_local_port_range=40000 40199", "net.ipv4.tcp_tw_reuse=0"]) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            ok, errors = p.wait(p.run("a", requests, p.ip["b"], 260, comm="nopool"))
            waiting = p.x("a", "ss", "-Htan", "state", "time-wait").count("\n")
    x.is_("errors", (ok, set(errors), waiting), (200, {errno.EADDRNOTAVAIL}, 200))
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "connects", f"{len(errors)} of 260", "no local port", "EADDRNOTAVAIL")
        x.holds("TIME_WAIT is named", "TIME_WAIT" in report["findings"][0]["meaning"])
        x.nothing_else(report)


def requests(ip, n):
    ok, errors = 0, []
    for _ in range(n):
        try:
            s = connect(ip, 5001, 5)
            s.sendall(b"x")
            ok += s.recv(1) == b"x"
            s.close()
        except OSError as error:
            errors.append(error.errno)
        time.sleep(0.005)
    return ok, errors
