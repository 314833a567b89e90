# SPDX-License-Identifier: MIT
"""Healthy: redis on ::1, with a pipeline, pools, short connections, and clients that the server ends."""
import subprocess

from net import Tape, enter_namespace, sh, wait_for


def exam(x):
    ns = f"ttx{x.number}s"
    sh("ip", "netns", "del", ns, check=False)
    sh("ip", "netns", "add", ns)
    redis = None
    try:
        sh("ip", "-n", ns, "link", "set", "lo", "up")
        port = str(6500 + x.number)
        redis = subprocess.Popen(["redis-server", "--bind", "::1", "--port", port, "--save", ""],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=lambda: enter_namespace(ns))
        wait_for(lambda: inside(ns, "ss", "-Htln", f"sport = :{port}"), what="redis")
        with Tape(x) as t:
            bench = ("redis-benchmark", "-h", "::1", "-p", port, "-q")
            inside(ns, *bench, "-n", "5000", "-c", "30", "-P", "8", "-t", "set,get")
            inside(ns, *bench, "-n", "1500", "-c", "10", "-k", "0", "-t", "get")
            for _ in range(5):
                inside(ns, "redis-cli", "-h", "::1", "-p", port, "ping")
            inside(ns, "redis-cli", "-h", "::1", "-p", port, "client", "kill", "type", "normal", "skipme", "yes")
    finally:
        if redis:
            redis.terminate()
            redis.wait()
        sh("ip", "netns", "del", ns, check=False)
    x.silent(t.report("--port", port))
    x.silent(t.report("-L", port))
    x.silent(t.report("-D", port))


def inside(ns, *words):
    return sh("ip", "netns", "exec", ns, *words)
