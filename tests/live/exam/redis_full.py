# SPDX-License-Identifier: MIT
"""redis at maxclients takes each further connection, says an error, and closes it."""
import subprocess
import time

from net import Pair, Tape, connect, enter_namespace


def exam(x):
    with Pair(x) as p:
        redis = subprocess.Popen(["redis-server", "--bind", p.ip["b"], "--port", "6399", "--save", "",
                                  "--maxclients", "10", "--protected-mode", "no"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=lambda: enter_namespace(p.ns["b"]))
        p.wait_listening("b", 6399)
        with Tape(x) as t:
            pool = p.run("a", hold, p.ip["b"], 10, comm="pool")
            p.wait_established("a", 6399, 10)
            told = p.wait(p.run("a", late, p.ip["b"], 40, comm="late"))
            pool.tell()
            p.wait(pool)
        redis.terminate()
        redis.wait()
    x.is_("told", told, {b"-ERR max number of c": 40})
    for options in (), ("-L", "6399"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "resets", "port 6399 of this host", "redis-server")
        x.nothing_else(report, may=["resets"])
    x.nothing_else(t.report("--addr", p.cidr, "-D", "6399"), may=["resets"])
    x.silent(t.report("--addr", p.cidr, "--comm", "pool"))


def ping(s):
    s.sendall(b"PING\r\n")
    return s.recv(100)


def hold(child, ip, n):
    held = [connect(ip, 6399, 5) for _ in range(n)]
    for s in held:
        ping(s)
    child.wait_until_told()
    for s in held:
        s.close()


def late(ip, n):
    told = {}
    for _ in range(n):
        try:
            s = connect(ip, 6399, 5)
            what = ping(s)[:20]
            s.close()
        except OSError as error:
            what = str(error)
        told[what] = told.get(what, 0) + 1
        time.sleep(0.02)
    return told
