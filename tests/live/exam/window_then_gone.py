# SPDX-License-Identifier: MIT
"""A reader stops reading, and then its host is gone: the kernel gives up probing the shut window."""
import re
import time

from net import Pair, Tape, connect, listen, wait_for


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_retries2=3"]) as p:
        p.run("b", deaf, p.ip["b"], comm="deaf")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            pusher = p.run("a", push, p.ip["b"], comm="pusher")
            wait_for(lambda: is_shut(p), what="a shut window")
            p.rule("b", "drop")
            x.is_("the program's error", p.wait(pusher), "TimeoutError")
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "stalled", "pusher", "no answer to its window probes", "given up by the kernel")
    x.lacks(report, "window")
    x.nothing_else(report)


def is_shut(p):
    """The window stays shut for a second: what is sent is acknowledged, and the rest is not sent."""
    def unsent():
        shown = p.ss("a", "-o", "-i")
        unsent = re.search(r"notsent:(\d+)", shown)
        return unsent and "persist" in shown and "unacked:" not in shown and unsent.group(1)

    before = unsent()
    time.sleep(1)
    return before and before == unsent()


def deaf(ip):
    c = listen(ip, 5001, 4).accept()[0]
    time.sleep(100)
    c.close()


def push(ip):
    s = connect(ip, 5001)
    s.settimeout(100)
    try:
        while True:
            s.send(b"x" * 65536)
    except OSError as error:
        return type(error).__name__
