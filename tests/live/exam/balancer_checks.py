# SPDX-License-Identifier: MIT
"""Healthy: haproxy checks two real servers every 100 ms, by TCP and by HTTP, while clients are served."""
import time

from net import Tape
from queue_of_nginx import Servers

CONFIG = """defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend f
  bind {ip}:8089
  default_backend b
backend b
  option httpchk GET /
  server s1 {ip}:8088 check inter 100ms
backend tcp
  mode tcp
  server s1 {ip}:8088 check inter 100ms
  server s2 {ip}:6399 check inter 100ms
"""


def exam(x):
    with Servers(x, 512, CONFIG) as s, Tape(x) as t:
        s.redis()
        for _ in range(3):
            x.is_("answer", s.within("curl", "-s", f"http://{s.ip}:8089/"), "hello\n")
        time.sleep(3)
    report = t.report("--addr", x.loopback)
    x.silent(report)
    for options in (("-L", "8088"), ("-D", "8088"), ("-L", "6399"), ("-D", "6399")):
        x.silent(t.report("--addr", x.loopback, *options))
