# SPDX-License-Identifier: MIT
"""Half of the connections lose 5 % and are closed with SO_LINGER 0, which clears their figures; the others are well."""
import threading
import time

from net import Pair, Tape, connect, listen, rst_close, sink_server

BYTES = 500000


def exam(x):
    with Pair(x) as p:
        begin(p, sink_server)
        with Tape(x) as t:
            send_all(p)
            again, sent = p.nstat("a", "TcpRetransSegs", "TcpOutSegs")
    ports = ("--addr", p.cidr, "-D", "5001,5002")
    truth = 100 * again / sent
    rate = t.report(*ports)["metrics"].get("retrans_rate", -1)
    # The server's ends, which send nothing, hardly count; nor do the SYNs and FINs of the client.
    x.holds(f"retrans_rate {rate} %, {truth:.2f} % by nstat", truth * 0.8 <= rate <= truth * 1.2)
    x.is_("--fail-if", t.status("report", "--fail-if", "retrans_rate>1%", *ports), 4)
    report = t.report(*ports)
    x.first(report, "loss", "5001")
    x.nothing_else(report, may=["timeouts", "tail-loss"])
    healthy = t.report("--addr", p.cidr, "-D", "5002")["metrics"]["retrans_rate"]
    x.holds(f"healthy ones: {healthy} %", healthy < 1)

    # Nobody knows what those sent whose server goes on holding its end: there is no rate of all.
    with Pair(x) as p:
        begin(p, hold)
        with Tape(x, name="held") as t:
            send_all(p)
    ports = ("--addr", p.cidr, "-D", "5001,5002")
    report = t.report(*ports)
    x.holds("no rate", "retrans_rate" not in report["metrics"])
    x.holds("a note says why", any("no rate of all" in note for note in report["notes"]))
    known = t.report("--addr", p.cidr, "-D", "5002")["metrics"].get("retrans_rate", 100)
    x.holds(f"those that are known: {known} %", known < 1)


def begin(p, server):
    for port in 5001, 5002:
        p.run("b", server if port == 5001 else sink_server, p.ip["b"], port, comm="server")
    p.wait_listening("b", 5001, 5002)
    p.rule("b", "tcp dport 5001 meta length > 200 numgen random mod 100 < 5 drop")


def send_all(p):
    for client in [p.run("a", send, p.ip["b"], port, comm="client") for port in (5001, 5001, 5002, 5002)]:
        p.wait(client)


def send(ip, port):
    for _ in range(2):
        s = connect(ip, port)
        for _ in range(BYTES // 10000):
            s.sendall(b"x" * 10000)
            time.sleep(0.003)
        time.sleep(1)  # what was lost last is sent again
        if port == 5001:
            rst_close(s)
        else:
            s.close()


def hold(ip, port):
    listener, held = listen(ip, port), []
    while True:
        s, _ = listener.accept()
        held.append(s)
        threading.Thread(target=drain, args=(s,), daemon=True).start()


def drain(s):
    try:
        while s.recv(65536):
            pass
    except OSError:
        pass
