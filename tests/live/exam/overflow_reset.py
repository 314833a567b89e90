# SPDX-License-Identifier: MIT
"""With tcp_abort_on_overflow, clients beyond a full accept queue are reset."""
from net import Pair, Tape, connect, echo_server, listen, new_socket, wait_for

SETTINGS = ("net.ipv4.tcp_abort_on_overflow=1", "net.ipv4.tcp_syncookies=0")


def exam(x):
    with Pair(x, sysctls=SETTINGS) as p:
        p.run("b", deaf, p.ip["b"], comm="deaf")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            # The SYN-ACKs of the first six are dropped until the others fill the queue.
            p.rule("b", "tcp sport 5001 tcp dport 30001-30010 tcp flags & (syn|ack) == (syn|ack) drop", "out")
            client = p.run("a", ask, p.ip["a"], p.ip["b"], comm="client")
            wait_for(lambda: len(p.ss("a", "state", "established").splitlines()) >= 6, what="the fast ones")
            p.clear("b")
            wait_for(lambda: p.nstat("b", "TcpOutRsts") >= 3, what="RSTs")
            client.tell()
            cut = p.wait(client)
            resets = p.nstat("b", "TcpOutRsts")
    x.is_("handshakes reset", cut, 3)
    report = t.report("-L", "5001", "--addr", p.cidr)
    x.has(report, "resets", str(cut), "the accept queue was full", p.ip["a"])
    kinds = [r["kind"] for r in t.json("resets", "-L", "5001", "--addr", p.cidr)]
    # An ACK for a SYN-ACK that was sent twice comes when the request is gone: "listener".
    x.is_("RSTs", (len(kinds), kinds.count("overflow")), (resets, 3))
    with Pair(x, sysctls=SETTINGS) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x, name="healthy") as t:
            client = p.run("a", ask, p.ip["a"], p.ip["b"], comm="client")
            p.wait_established("a", 5001, 12)
            client.tell()
            x.is_("reset", p.wait(client), 0)
    x.silent(t.report("--addr", p.cidr))


def deaf(child, ip):
    listener = listen(ip, 5001, 8)
    child.wait_until_told()
    listener.close()


def ask(child, src, ip):
    def start(sport):
        s = new_socket(ip)
        s.bind((src, sport))
        s.setblocking(False)
        try:
            s.connect((ip, 5001))
        except BlockingIOError:
            pass
        return s

    slow = [start(30001 + i) for i in range(6)]
    fast = [connect(ip, 5001, 10, sport=31001 + i, src=src) for i in range(6)]
    child.wait_until_told()
    cut = 0
    for s in slow:
        s.setblocking(True)
        s.settimeout(1)
        try:
            s.recv(1)
        except ConnectionResetError:
            cut += 1
        except OSError:
            pass
    for s in slow + fast:
        s.close()
    return cut
