# SPDX-License-Identifier: MIT
"""nginx is reloaded three times while wrk keeps 30 connections busy: some of its requests are lost."""
import re
import threading
import time

from net import Tape
from queue_of_nginx import Servers


def exam(x):
    with Servers(x, 512) as s, Tape(x) as t:
        told = []
        load = threading.Thread(target=lambda: told.append(s.wrk(8088, 4, "-c30")))
        load.start()
        for _ in range(3):
            time.sleep(1)
            s.within("nginx", "-c", f"{x.dir}/nginx.conf", "-s", "reload")
        load.join()
    lost = re.search(r"read (\d+)", told[0])
    lost = int(lost.group(1)) if lost else 0
    late = len(t.json("resets", "-L", "8088", "--addr", x.loopback))
    x.holds(f"{lost} reads failed in wrk, {late} RSTs", late <= lost + 31)
    for options in (), ("-L", "8088"), ("-D", "8088"):
        report = t.report("--addr", x.loopback, *options)
        x.is_("findings", {f["id"] for f in report["findings"]} - {"resets", "quiet"}, set())
        x.is_("critical ones", [f["title"] for f in report["findings"] if f["level"] == "critical"], [])
