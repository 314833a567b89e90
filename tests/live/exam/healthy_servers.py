# SPDX-License-Identifier: MIT
"""Healthy: the same servers with a backlog of 4096, and wrk that leaves when it is done."""
from net import Tape
from queue_of_nginx import Servers


def exam(x):
    with Servers(x, 4096) as s, Tape(x) as t:
        s.wrk(8089, 2, "-c20")
        s.redis()
        s.wrk(8088, 2, "-c50", "-H", "Connection: close")
        overflows = s.overflows()
    x.is_("overflows", overflows, 0)
    report = t.report("--addr", x.loopback)
    # wrk may leave with answers under way, which is worth a notice, and hurts nobody.
    x.first(report, "quiet")
    x.is_("verdict", (report["level"], report["verdict"].split(";")[0]), ("good", "Nothing wrong was found"))
    x.is_("findings", [(f["id"], f["level"]) for f in report["findings"]
                       if (f["id"], f["level"]) not in (("quiet", "good"), ("resets", "notice"))], [])
