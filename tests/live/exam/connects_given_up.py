# SPDX-License-Identifier: MIT
"""Nobody answers: one connect is given up by its timeout, one killed, one closed at once, one ends after its SYNs."""
import errno
import socket

from net import Pair, Tape, connect, sink_server, wait_for

TCP_SYNCNT = 7


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syn_linear_timeouts=4"]) as p:
        p.run("b", sink_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "tcp dport 81 drop")
        with Tape(x) as t:
            timeout = p.run("a", by_timeout, p.ip["b"], 0.2, comm="apptimeout")
            killed = p.run("a", connect, p.ip["b"], 81, comm="killed")
            by_kernel = p.run("a", by_syns, p.ip["b"], comm="syncount")
            p.wait(p.run("a", close_at_once, p.ip["b"], comm="hasty"))
            p.wait(p.run("a", good, p.ip["b"], comm="good"))
            wait_for(lambda: len(p.ss("a", "state", "syn-sent").splitlines()) >= 2)
            p.kill(killed)
            truth = p.wait(timeout), p.wait(by_kernel)
    x.is_("errors", truth, ("timed out", errno.ETIMEDOUT))
    rows = {r["comm"]: (r["result"], r["why"]) for r in t.json("connects", "-x", "--addr", p.cidr)}
    x.is_("failed", rows, {"apptimeout": ("aborted", "closed by its process"),
                           "killed": ("aborted", "its process ended"),
                           "hasty": ("aborted", "closed by its process"),
                           "syncount": ("timeout", "no answer")})
    x.is_("--fail-if", t.status("report", "--fail-if", "connect_failures>3", "--addr", p.cidr), 4)
    x.is_("--fail-if", t.status("report", "--fail-if", "connect_failures>4", "--addr", p.cidr), 0)
    report = t.report("--addr", p.cidr)
    x.first(report, "unreachable", "4 of 4", "given up by the process", "given up by the kernel")
    x.nothing_else(report)
    x.silent(t.report("--addr", p.cidr, "--comm", "good"))
    x.silent(t.report("--addr", p.cidr, "-L", "5001"))


def by_timeout(ip, seconds):
    try:
        connect(ip, 81, seconds)
    except OSError as error:
        return str(error)
    return None


def by_syns(ip):
    s = socket.socket()
    s.setsockopt(socket.IPPROTO_TCP, TCP_SYNCNT, 2)
    try:
        s.connect((ip, 81))
    except OSError as error:
        return error.errno
    return None


def close_at_once(ip):
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex((ip, 81))
    s.close()


def good(ip):
    connect(ip, 5001, 10).close()
