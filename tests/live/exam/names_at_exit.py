# SPDX-License-Identifier: MIT
"""Processes and a thread end, by exit and by SIGKILL, and their ends close sockets."""
import os
import threading
import time

from net import Pair, Tape, connect, listen, new_socket, receive_all, wait_for


def exam(x):
    with Pair(x) as p:
        p.rule("b", "tcp dport 5009 drop")
        with Tape(x) as t:
            by_exit = p.run("a", talk_to_oneself, x.loopback, 5001, comm="by-exit")
            exited = by_exit.pid
            by_exit.wait()
            by_thread = p.run("a", talk_in_a_thread, x.loopback, 5002, comm="by-thread")
            threaded = by_thread.pid
            by_thread.wait()
            by_signal = p.run("a", sleep_with_sockets, x.loopback, 5003, comm="by-signal")
            signalled = by_signal.pid
            p.wait_established("a", 5003, 2)
            by_signal.kill()
            in_connect = p.run("a", connect, p.ip["b"], 5009, comm="in-connect")
            connecting = in_connect.pid
            wait_for(lambda: p.ss("a", "state", "syn-sent"), what="a SYN")
            in_connect.kill()

    def owners(*options):
        return sorted((r.get("pid"), r.get("comm")) for r in t.json("life", *options))

    x.is_("both ends, by exit", owners("--addr", x.loopback, "--port", "5001"), [(exited, "by-exit")] * 2)
    x.is_("both ends, by a thread's exit", owners("--addr", x.loopback, "--port", "5002"),
          [(threaded, "by-thread")] * 2)
    x.is_("both ends, by a signal", owners("--addr", x.loopback, "--port", "5003"), [(signalled, "by-signal")] * 2)
    x.is_("killed in connect()", owners("--addr", p.cidr, "-D", "5009"), [(connecting, "in-connect")])
    x.is_("life --comm finds them", owners("--addr", x.loopback, "--comm", "by-exit"), [(exited, "by-exit")] * 2)
    seen = t.json("replay", "--addr", x.loopback, "--port", "5001")
    named = t.json("replay", "--addr", x.loopback, "--port", "5001", "--comm", "by-exit")
    x.is_("replay --comm finds all of its events", len(named), len(seen))
    x.at_least("events of both ends", len(seen), 10)


def talk_to_oneself(ip, port):
    listener = listen(ip, port)
    client = connect(ip, port)
    server, _ = listener.accept()
    client.sendall(b"x")
    receive_all(server, 1)
    os._exit(0)


def talk_in_a_thread(ip, port):
    thread = threading.Thread(target=talk_to_oneself, args=(ip, port))
    thread.start()
    thread.join()


def sleep_with_sockets(ip, port):
    listener = listen(ip, port)
    client = new_socket(ip)
    client.connect((ip, port))
    server, _ = listener.accept()
    time.sleep(100)
    server.close()
