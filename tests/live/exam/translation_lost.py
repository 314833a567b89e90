# SPDX-License-Identifier: MIT
"""The answers of a server behind a translated address leave untranslated from some moment on."""
from net import Pair, Tape, connect, echo_server, wait_for

N = 4


def exam(x):
    with Pair(x) as p:
        begin(p)
        with Tape(x) as t:
            client = p.run("a", ask, service(p), comm="client")
            p.wait_established("a", 5001, N)
            wait_for(lambda: p.nstat("b", "TcpInSegs") >= 4 * N, what="the first answers")
            p.x("b", "nft", "flush chain ip m post")
            client.tell()
            wait_for(lambda: p.nstat("a", "TcpRetransSegs") >= 3 * N, what="retransmissions")
            client.kill()
    report = t.report("-D", "5001", "--addr", p.cidr)
    x.first(report, "translation", str(N), service(p), p.ip["b"])
    # That data goes again and again is a consequence, and no loss.
    x.nothing_else(report)
    with Pair(x) as p:
        begin(p)
        with Tape(x, name="healthy") as t:
            client = p.run("a", ask, service(p), comm="client")
            client.tell()
            x.is_("answered", p.wait(client), N)
    x.silent(t.report("--addr", p.cidr))


def service(p):
    return p.ip["b"].rsplit(".", 1)[0] + ".200"


def begin(p):
    p.run("b", echo_server, p.ip["b"], 5001, comm="server")
    p.wait_listening("b", 5001)
    p.x("a", "ip", "route", "add", service(p), "via", p.ip["b"])
    p.x("b", "nft", f"""add table ip m;
        add chain ip m pre {{ type filter hook prerouting priority -300; }};
        add chain ip m post {{ type filter hook postrouting priority 300; }};
        add rule ip m pre ip daddr {service(p)} ip daddr set {p.ip['b']};
        add rule ip m post tcp sport 5001 ip saddr set {service(p)}""")


def ask(child, ip):
    held = [connect(ip, 5001, 25) for _ in range(N)]
    for s in held:
        s.sendall(b"one")
        s.recv(10)
    child.wait_until_told()
    for s in held:
        s.sendall(b"two")
    answered = 0
    for s in held:
        answered += s.recv(10) == b"two"
        s.close()
    return answered
