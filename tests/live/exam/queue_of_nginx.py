# SPDX-License-Identifier: MIT
"""Real servers: wrk drives haproxy and nginx, whose backlog of 16 overflows; redis beside them is well."""
import os
import re
import subprocess
import time

from net import Tape, enter_namespace, sh, wait_for

NGINX = """worker_processes 2; pid {dir}/nginx.pid; error_log {dir}/nginx.err;
events {{ worker_connections 2000; }}
http {{ access_log off; client_body_temp_path {dir}; proxy_temp_path {dir}; fastcgi_temp_path {dir};
uwsgi_temp_path {dir}; scgi_temp_path {dir};
server {{ listen {ip}:8088 backlog={backlog}; location / {{ return 200 "hello\\n"; }} }} }}
"""
HAPROXY = """defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend f
  bind {ip}:8089
  default_backend b
backend b
  server s1 {ip}:8088
"""


class Servers:
    """nginx, haproxy and redis on loopback of a namespace of their own."""

    def __init__(self, x, backlog, haproxy=HAPROXY):
        self.x, self.ns, self.ip, self.backlog = x, f"ttx{x.number}s", x.loopback, backlog
        self.haproxy = haproxy

    def __enter__(self):
        sh("ip", "netns", "del", self.ns, check=False)
        sh("ip", "netns", "add", self.ns)
        sh("ip", "-n", self.ns, "link", "set", "lo", "up")
        os.chmod(self.x.dir, 0o755)
        for name, text in (("nginx.conf", NGINX), ("haproxy.cfg", self.haproxy)):
            with open(f"{self.x.dir}/{name}", "w", encoding="ascii") as f:
                f.write(text.format(dir=self.x.dir, ip=self.ip, backlog=self.backlog))
        self.running = [
            self.start("nginx", "-c", f"{self.x.dir}/nginx.conf", "-g", "daemon off;"),
            self.start("haproxy", "-db", "-f", f"{self.x.dir}/haproxy.cfg"),
            self.start("redis-server", "--bind", self.ip, "--port", "6399", "--save", "")]
        for port in 8088, 8089, 6399:
            wait_for(lambda: self.within("ss", "-Htln", f"sport = :{port}"), what=f"a listener at {port}")
        return self

    def __exit__(self, *_):
        for server in self.running:
            server.terminate()
            server.wait()
        sh("ip", "netns", "del", self.ns, check=False)

    def start(self, *words):
        return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                preexec_fn=lambda: enter_namespace(self.ns))

    def within(self, *words):
        return sh("ip", "netns", "exec", self.ns, *words)

    def overflows(self):
        return int(re.search(r"TcpExtListenOverflows\s+(\d+)", self.within("nstat", "-asz")).group(1))

    def wrk(self, port, seconds, *words):
        return self.within("wrk", "-t1", f"-d{seconds}s", *words, f"http://{self.ip}:{port}/")

    def redis(self):
        return self.within("redis-benchmark", "-h", self.ip, "-p", "6399", "-q", "-n", "4000", "-c", "20", "-t", "get")


def exam(x):
    with Servers(x, 16) as s, Tape(x) as t:
        s.wrk(8089, 2, "-c20")
        s.redis()
        for _ in range(10):
            s.wrk(8088, 2, "-c200", "-H", "Connection: close")
            if s.overflows() >= 100:
                break
        time.sleep(0.5)
        overflows = s.overflows()
    x.at_least("overflows", overflows, 100)
    report = t.report("--addr", x.loopback)
    x.first(report, "backlog", "nginx", f"{x.loopback}:8088", "was full", "16")
    # wrk leaves with answers under way, which is worth a notice.
    x.nothing_else(report, may=["resets"])
    x.is_("findings about RSTs", [f["level"] for f in report["findings"] if f["id"] == "resets" and
                                  f["level"] != "notice"], [])
