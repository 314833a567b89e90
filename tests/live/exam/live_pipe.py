# SPDX-License-Identifier: MIT
"""A recording is watched through a pipe: what is shown is what its file shows, and so is the verdict."""
import subprocess

from net import TCPTAPE, Pair, connect, echo_server, wait_for

# Views that follow connections: of sockets of other incidents, whose calls are still under way when
# the recording ends, it is not known which port belongs to which.
FOLLOW = [[view, "--json"] for view in ("report", "life", "states", "connects")]
VIEWS = [["replay", "--json"], ["replay", "--raw"], ["info", "--json"], ["check"]]


def exam(x):
    path, live = f"{x.dir}/live.tape", f"{x.dir}/live.json"
    with Pair(x) as p:
        p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        watching = subprocess.Popen(
            ["sh", "-c", f"{TCPTAPE} record -o - -d 12 -p all | tee {path} | {TCPTAPE} replay --json - >{live}"],
            stderr=subprocess.PIPE, text=True)
        wait_for(lambda: seen(live, p.ip["b"]) or p.wait(p.run("a", calls, p.ip["b"], 1)) or
                 seen(live, p.ip["b"]), 30, "an event in the pipe")
        p.wait(p.run("a", calls, p.ip["b"], 20))
        x.holds("events come while it records", watching.poll() is None)
        watching.communicate()
    with open(live, encoding="utf-8") as f:
        x.holds("live and afterwards", f.read() == view(["replay", "--json"], path)[1])
    with open(path, "rb") as f:
        tape = f.read()
    for words in (*VIEWS, *([*words, "--addr", p.cidr] for words in FOLLOW)):
        by_file, by_pipe = view(words, path), view(words, "-", tape)
        x.is_(f"{' '.join(words)}: status", by_pipe[0], by_file[0])
        x.holds(f"{' '.join(words)}: output",
                named(by_pipe[1], "TAPE", "standard input") == named(by_file[1], path, path))
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
