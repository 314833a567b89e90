# SPDX-License-Identifier: MIT
"""haproxy before two servers: one is not there (refused), the other slow and lossy; clients on loopback are well."""
import subprocess
import threading

from net import Pair, Tape, connect, enter_namespace, listen

LENGTH = 200000
CONFIG = """defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
  option redispatch 1
  retries 3
frontend f
  bind 127.0.0.1:8089
  default_backend b
backend b
  balance roundrobin
  server s1 {ip}:8081
  server s2 {ip}:8082
"""


def exam(x):
    with Pair(x) as p:
        p.run("b", web, p.ip["b"], 8082, comm="backend")
        p.wait_listening("b", 8082)
        p.rule("b", "tcp dport 8082 meta length > 200 numgen random mod 100 < 4 drop")
        with open(f"{x.dir}/h.cfg", "w", encoding="ascii") as f:
            f.write(CONFIG.format(ip=p.ip["b"]))
        proxy = subprocess.Popen(["haproxy", "-db", "-f", f"{x.dir}/h.cfg"], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, preexec_fn=lambda: enter_namespace(p.ns["a"]))
        p.wait_listening("a", 8089)
        with Tape(x) as t:
            codes = p.wait(p.run("a", post, 30, comm="curl"))
        proxy.terminate()
        proxy.wait()
        again = p.nstat("a", "TcpRetransSegs")
    x.is_("answers", codes, {"200": 30})
    x.at_least("retransmitted", again, 20)
    report = t.report("--addr", f"{p.cidr},127.0.0.1", "--port", "8081,8082,8089")
    x.first(report, "connects", f"{p.ip['b']}:8081", "refused")
    x.has(report, "loss", p.ip["b"])
    x.nothing_else(report, may=["loss", "tail-loss", "timeouts", "resets"])
    x.is_("answers left behind", [f["title"] for f in report["findings"] if "answers under way" in f["title"]], [])


def web(ip, port):
    def answer(c):
        got = b""
        while b"\r\n\r\n" not in got:
            got += c.recv(65536)
        body = got.split(b"\r\n\r\n", 1)[1]
        while len(body) < LENGTH:
            body += c.recv(65536)
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        c.close()

    listener = listen(ip, port)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def post(n):
    codes = {}
    for _ in range(n):
        s = connect("127.0.0.1", 8089, 20)
        s.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n"
                  b"Connection: close\r\n\r\n" % LENGTH + b"p" * LENGTH)
        got = b""
        while True:
            data = s.recv(4096)
            if not data:
                break
            got += data
        s.close()
        code = got[9:12].decode()
        codes[code] = codes.get(code, 0) + 1
    return codes
