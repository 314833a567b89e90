# SPDX-License-Identifier: MIT
"""A server answers and closes, and the answer is lost again and again: the client waits for it."""
from net import Pair, Tape, connect, listen, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", answer_and_close, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            p.rule("a", "tcp sport 5001 meta length > 100 drop")
            asker = p.run("a", ask, p.ip["b"], comm="asker")
            wait_for(lambda: p.nstat("b", "TcpExtTCPTimeouts") >= 4, what="four timeouts")
            p.clear("a")
            x.is_("bytes of the answer", p.wait(asker), 900)
    report = t.report("--addr", p.cidr, "-L", "5001")
    x.first(report, "stalled", "server", f"{p.ip['b']}:5001")
    x.is_("its level", report["findings"][0]["level"], "warning")
    x.nothing_else(report, may=["timeouts", "loss"])


def answer_and_close(ip):
    listener = listen(ip, 5001)
    c = listener.accept()[0]
    c.recv(100)
    c.sendall(b"r" * 900)
    c.close()
    listener.accept()


def ask(ip):
    s, n = connect(ip, 5001), 0
    s.sendall(b"q" * 20)
    while data := s.recv(4096):
        n += len(data)
    return n
