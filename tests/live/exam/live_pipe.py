# SPDX-License-Identifier: MIT
"""A recording is watched through a pipe: what is shown is what its file shows, and so is the verdict."""
import json
import socket
import subprocess
import time

from net import TCPTAPE, Pair, connect, echo_server, wait_for

FOLLOW = [[view, "--json"] for view in ("report", "life", "states", "connects")]
VIEWS = [["replay", "--json"], ["replay", "--raw"], ["info", "--json"], ["check"]]
N_WAITING = 6


def exam(x):
    path, live = f"{x.dir}/live.tape", f"{x.dir}/live.json"
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        p.rule("b", "tcp dport 81 drop")
        watching = subprocess.Popen(
            ["sh", "-c", f"{TCPTAPE} record -o - -d 12 -p all | tee {path} | {TCPTAPE} replay --json - >{live}"],
            stderr=subprocess.PIPE, text=True)
        wait_for(lambda: seen(live, p.ip["b"]) or p.wait(p.run("a", calls, p.ip["b"], 1)) or
                 seen(live, p.ip["b"]), 30, "an event in the pipe")
        p.wait(p.run("a", calls, p.ip["b"], 20))
        x.holds("events come while it records", watching.poll() is None)
        # When the recording ends, connects of one process to one place are under way.
        waiting = p.run("a", wait_for_ever, p.ip["b"], comm="waiting")
        watching.communicate()
        waiting.kill()
    with open(live, encoding="utf-8") as f:
        x.holds("live and afterwards", f.read() == view(["replay", "--json"], path)[1])
    with open(path, "rb") as f:
        tape = f.read()
    # Nobody knows which of them has which port: a guess would differ.
    waits = [r for r in json_rows(view(["connects", "--json", "--addr", p.cidr, "-D", "81"], path)[1])
             if r["result"] == "pending"]
    x.at_least("connects under way", len(waits), N_WAITING)
    # Of other tests beside this one connections may come and go in any way.
    for words in (*VIEWS, *([*words, "--addr", p.cidr] for words in FOLLOW)):
        by_file, by_pipe = view(words, path), view(words, "-", tape)
        x.is_(f"{' '.join(words)}: status", by_pipe[0], by_file[0])
        by_pipe, by_file = named(by_pipe[1], "TAPE", "standard input"), named(by_file[1], path, path)
        if words[0] in ("states", "connects"):
            by_pipe, by_file = in_no_order(by_pipe), in_no_order(by_file)
        elif words[0] in ("info", "check"):
            by_pipe, by_file = without_audit(by_pipe), without_audit(by_file)
        x.holds(f"{' '.join(words)}: output", by_pipe == by_file)
    twice = f"{x.dir}/twice.tape"
    with open(twice, "wb") as f:
        f.write(tape + tape)
    for words in (*VIEWS, *FOLLOW):
        x.is_(f"{' '.join(words)} of two tapes in one", (view(words, twice)[0],
              view(words, "-", tape + tape)[0]), (3, 3))


def named(text, *names):
    for name in names:
        text = text.replace(name, "NAME")
    return text


def view(words, path, tape=None):
    done = subprocess.run([TCPTAPE, *words, path], input=tape, capture_output=True, check=False)
    return done.returncode, done.stdout.decode("utf-8", "backslashreplace")


def json_rows(text):
    return [json.loads(line) for line in text.splitlines()]


def in_no_order(text):
    """Rows of a view that shows them sooner in a pipe: it does not wait for the one that ends first, nor
    longer than 0.2 s for the port that connect() chooses."""
    rows = json_rows(text)
    for r in rows:
        if r.get("newstate") == "SYN_SENT":
            r.pop("lport", None)
    return sorted(json.dumps(r, sort_keys=True) for r in rows)


def without_audit(text):
    """A stream is not read twice, so only of a file is compared what the kernel counted."""
    if not text.startswith("{"):
        return text.splitlines()[0]
    return {key: value for key, value in json.loads(text).items() if key != "audit"}


def wait_for_ever(ip):
    """New connects all the time, so that some are young whenever the recording ends."""
    held = []
    for _ in range(1000):
        held = [socket.socket() for _ in range(N_WAITING)]
        for s in held:
            s.setblocking(False)
            s.connect_ex((ip, 81))
        time.sleep(0.4)


def seen(path, ip):
    try:
        with open(path, encoding="utf-8") as f:
            return ip in f.read()
    except FileNotFoundError:
        return False


def calls(ip, n):
    for _ in range(n):
        with connect(ip, 5001) as s:
            s.sendall(b"x" * 100)
            s.recv(100)
