# SPDX-License-Identifier: MIT
"""A server answers 413 to large uploads and closes without reading them: clients get a RST."""
import threading
import time

from net import Pair, Tape, connect, listen

N = 20


def exam(x):
    with Pair(x) as p:
        p.run("b", refuse, p.ip["b"], comm="webapp")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            told = p.wait(p.run("a", upload, p.ip["b"], comm="uploader"))
    x.is_("told", told, {"ConnectionResetError": N})
    for options in (), ("-D", "5001"), ("-L", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "resets", str(N), "port 5001")
        x.nothing_else(report, may=["resets"])


def refuse(ip):
    listener = listen(ip, 5001)
    while True:
        c, _ = listener.accept()

        def answer(c):
            c.recv(1000)
            c.sendall(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\n\r\n")
            c.close()

        threading.Thread(target=answer, args=(c,), daemon=True).start()


def upload(ip):
    told = {}
    for _ in range(N):
        s = connect(ip, 5001, 5)
        try:
            for _ in range(50):
                s.sendall(b"POST" * 5000)
                time.sleep(0.002)
            what = s.recv(100)[:12].decode()
        except OSError as error:
            what = type(error).__name__
        told[what] = told.get(what, 0) + 1
        s.close()
    return told
