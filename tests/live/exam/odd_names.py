# SPDX-License-Identifier: MIT
"""Names of processes with blanks, commas, quotes, escapes and broken UTF-8; a thread; a PID namespace."""
import csv
import io
import os
import threading

from net import Pair, Tape, connect, echo_server, libc, set_comm

NAMES = [b"a b", b'q"u,o', b"\x1b[31mred", b"nl\nline", b"\xff\xfebad", b"tab\tx", b"|pipe|"]
CLONE_NEWPID = 0x20000000


def exam(x):
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        with Tape(x) as t:
            pids = {}
            for name in NAMES:
                child = p.run("a", ask, p.ip["b"], comm=name)
                pids[child.pid] = name
                p.wait(child)
            threaded = p.run("a", in_thread, p.ip["b"], comm="main-name")
            pid_of_thread = threaded.pid
            p.wait(threaded)
            pid_within = p.wait(p.run("a", in_pid_namespace, p.ip["b"], comm="outer"))
    client = ("-D", "5001", "--addr", p.cidr)
    rows = t.json("life", *client)
    told = {r["pid"]: r["comm"].encode("utf-8", "surrogateescape") for r in rows}
    for pid, name in pids.items():
        whole = name.decode("utf-8", "replace").encode()
        x.is_(f"name of {pid} in JSON", told.get(pid), whole)
    x.holds("the thread's connection is its process'", pid_of_thread in told)
    x.is_("the process of the PID namespace by the host's number", told.get(pid_within), b"in-pidns")
    text = t.out("life", "-w", *client)
    x.holds("no escape reaches the terminal", "\x1b" not in text)
    x.is_("lines of text", len(text.splitlines()), 1 + len(rows))
    table = list(csv.reader(io.StringIO(t.out("life", "--format", "csv", *client))))
    x.is_("CSV has one width", (len({len(r) for r in table}), len(table)), (1, 1 + len(rows)))
    x.is_("rows of --comm 'a b'", len(t.json("life", "--comm", "a b", *client)), 1)
    x.holds("no escape in Markdown", "\x1b" not in t.out("report", "--md", *client))
    x.silent(t.report("--addr", p.cidr))


def ask(ip):
    s = connect(ip, 5001, 10)
    s.sendall(b"x")
    s.recv(1)
    s.close()


def in_thread(ip):
    def run():
        set_comm("pool-1-thread")
        ask(ip)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def in_pid_namespace(ip):
    """Returns the process id that the host has for the one in the new namespace."""
    libc.unshare(CLONE_NEWPID)
    pid = os.fork()
    if not pid:
        set_comm("in-pidns")
        ask(ip)
        os._exit(0)
    os.waitpid(pid, 0)
    return pid
