# SPDX-License-Identifier: MIT
"""Healthy: haproxy lets 10 clients at a time through to nginx; 60 of them wait in haproxy, and TCP is well."""
from net import Tape
from queue_of_nginx import HAPROXY, Servers

CONFIG = HAPROXY.replace("server s1 {ip}:8088", "server s1 {ip}:8088 maxconn 10")


def exam(x):
    with Servers(x, 512, CONFIG) as s, Tape(x) as t:
        told = s.wrk(8089, 3, "-c60", "-H", "Connection: close")
        overflows = s.overflows()
    x.holds("every request is answered", "Non-2xx" not in told)
    x.is_("overflows", overflows, 0)
    for options in (), ("-D", "8088"), ("-L", "8088"):
        report = t.report("--addr", x.loopback, *options)
        # haproxy asks for RSTs to its server, which is worth a notice; no answer is left behind.
        for f in report["findings"]:
            x.judge("false", f["level"] in ("good", "notice") and "way" not in f["title"], f"{f['id']}: {f['title']}")
    for options in ("-D", "8089"), ("-L", "8089"):
        x.silent(t.report("--addr", x.loopback, *options))
