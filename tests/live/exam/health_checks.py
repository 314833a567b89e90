# SPDX-License-Identifier: MIT
"""Healthy: 30 health checks end with RST and without a byte, beside 60 requests that are answered."""
from net import Pair, Tape, connect, echo_server, receive_all, rst_close


def exam(x):
    with Pair(x) as p:
        server = p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            checker = p.run("a", check, p.ip["b"], comm="checker")
            client = p.run("a", ask, p.ip["b"], comm="client")
            p.wait(checker)
            x.is_("answered", p.wait(client), 60)
            p.wait_idle("b", 5001, server)
    x.is_("RSTs received", len(t.json("resets", "-L", "5001", "--addr", p.cidr)), 30)
    for side in "-D", "-L":
        x.silent(t.report(side, "5001", "--addr", p.cidr))
    # Checks alone, of a service that nobody uses, are no trouble, either.
    with Pair(x) as p:
        server = p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, name="idle") as t:
            p.wait(p.run("a", check, p.ip["b"], comm="checker"))
            p.wait_idle("b", 5001, server)
    x.silent(t.report("--addr", p.cidr))
    # Clients that leave with a RST when they have their answer are a notice, from half of all on.
    with Pair(x) as p:
        server = p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, name="visitors") as t:
            p.wait(p.run("a", visit, p.ip["b"], comm="visitor"))
            p.wait_idle("b", 5001, server)
    report = t.report("-L", "5001", "--addr", p.cidr)
    x.first(report, "quiet")
    x.has(report, "resets", "30", p.ip["a"])
    x.is_("levels", [f["level"] for f in report["findings"]], ["good", "notice"])


def check(ip):
    for _ in range(30):
        rst_close(connect(ip, 5001))


def visit(ip):
    for _ in range(30):
        s = connect(ip, 5001)
        s.sendall(b"x" * 2000)
        receive_all(s, 2000)
        rst_close(s)


def ask(ip):
    answered = 0
    for _ in range(60):
        s = connect(ip, 5001)
        s.sendall(b"x" * 2000)
        answered += len(receive_all(s, 2000)) == 2000
        s.close()
    return answered
