# SPDX-License-Identifier: MIT
"""Clients are established alone: a full accept queue drops the ends of their handshakes and their data."""
from net import Pair, Tape, connect, listen, wait_for

N = 6


def exam(x):
    with Pair(x, sysctls=["net.ipv4.tcp_syncookies=0"]) as p:
        server = p.run("b", slow_server, p.ip["b"], 5001, comm="slow")
        pid = server.pid
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            # The last ACKs of N handshakes, and their data, find the queue filled by others.
            p.rule("b", "tcp sport 30001-30100 tcp flags & (syn | ack) == ack drop")
            waiting = p.run("a", give_up, p.ip["b"], 5001, range(30001, 30001 + N), comm="waiting")
            wait_for(lambda: p.nstat("a", "TcpRetransSegs") >= N, what="data sent again")
            early = p.run("a", speak, p.ip["b"], 5001, range(31001, 31010), comm="early")
            p.wait_established("b", 5001, 9)
            p.clear("b")
            wait_for(lambda: p.nstat("b", "TcpExtListenOverflows") >= N, what="overflows")
            waiting.tell()
            x.is_("answers to those that gave up", p.wait(waiting), 0)
            server.tell()
            x.is_("answers to the others", p.wait(early), 9)
        overflows = p.nstat("b", "TcpExtListenOverflows")
    x.at_least("overflows", overflows, N)
    report = t.report("--addr", p.cidr)
    x.first(report, "backlog", f"slow[{pid}]", f"{p.ip['b']}:5001", "was full", str(N))
    x.nothing_else(report)


def slow_server(child, ip, port):
    """Accepts nothing until it is told to."""
    listener = listen(ip, port, 8)
    child.wait_until_told()
    while True:
        c, _ = listener.accept()
        c.recv(10)
        c.sendall(b"k")
        c.close()


def begin(ip, port, sports):
    sockets = [connect(ip, port, sport=sport) for sport in sports]
    for s in sockets:
        s.sendall(b"GET /")
    return sockets


def speak(ip, port, sports):
    answers = 0
    for s in begin(ip, port, sports):
        s.settimeout(60)
        answers += s.recv(1) == b"k"
        s.close()
    return answers


def give_up(child, ip, port, sports):
    sockets = begin(ip, port, sports)
    child.wait_until_told()
    answers = 0
    for s in sockets:
        s.setblocking(False)
        try:
            answers += s.recv(1) == b"k"
        except BlockingIOError:
            pass
        s.close()
    return answers
