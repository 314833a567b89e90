# SPDX-License-Identifier: MIT
"""A server is killed under load, is down for a second, and comes back: connections cut, then refused, then well."""
import threading
import time

from net import Pair, Tape, connect, serve

WORKERS = 20


def exam(x):
    with Pair(x) as p:
        server = p.run("b", slow_echo, p.ip["b"], comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            client = p.run("a", load, p.ip["b"], 4.0, comm="loader")
            time.sleep(1.2)
            p.kill(server)
            time.sleep(1)
            p.run("b", slow_echo, p.ip["b"], comm="server")
            p.wait_listening("b", 5001)
            done = p.wait(client)
    x.at_least("refused, by the client's log", done["refused"], 20)
    for options in (), ("-D", "5001"):
        report = t.report("--addr", p.cidr, *options)
        x.first(report, "connects", str(done["refused"]), "were refused")
        x.nothing_else(report, may=["resets"])
    x.is_("refused, by the tape", len(t.json("connects", "-x", "-D", "5001", "--addr", p.cidr)), done["refused"])


def slow_echo(ip):
    def answer(c, data):
        time.sleep(0.05)
        c.sendall(data)

    serve(ip, 5001, 128, answer)


def load(ip, seconds):
    """Each worker has a connection that it uses for its requests, and opens a new one if that fails."""
    done = {"answered": 0, "reset": 0, "refused": 0, "eof": 0}
    until = time.monotonic() + seconds
    lock = threading.Lock()

    def count(what):
        with lock:
            done[what] += 1

    def run():
        s = None
        while time.monotonic() < until:
            try:
                s = s or connect(ip, 5001, 5)
                s.sendall(b"q" * 100)
                if s.recv(200):
                    count("answered")
                    continue
                count("eof")
            except ConnectionRefusedError:
                count("refused")
                time.sleep(0.2)
            except OSError:
                count("reset")
            if s:
                s.close()
            s = None
        if s:
            s.close()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
