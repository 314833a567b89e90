# SPDX-License-Identifier: MIT
"""Only FINs are lost for two seconds: closes take long, all data has arrived, the program is gone."""
from net import Pair, Tape, connect, echo_server, receive_all, wait_for


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            p.rule("b", "tcp flags & fin == fin drop")
            x.is_("answers", p.wait(p.run("a", ask, p.ip["b"], comm="gone")), 5)
            wait_for(lambda: p.nstat("a", "TcpExtTCPTimeouts") >= 20, what="four timeouts for each FIN")
            p.clear("b")
            wait_for(lambda: "FIN-WAIT-1" not in p.ss("a"), what="the end of the FINs")
        again = p.nstat("a", "TcpRetransSegs")
    report = t.report("--addr", p.cidr, "-D", "5001")
    x.first(report, "stalled", "5 closed connections", "All data had arrived")
    x.is_("its level", report["findings"][0]["level"], "notice")
    x.nothing_else(report)
    x.is_("sent again", len(t.json("retrans", "-l", "--addr", p.cidr, "-D", "5001")), again)
    x.is_("stalled", report["metrics"]["stalled"], 0)


def ask(ip):
    n = 0
    for _ in range(5):
        s = connect(ip, 5001)
        s.sendall(b"x" * 100)
        n += len(receive_all(s, 100)) == 100
        s.close()
    return n
