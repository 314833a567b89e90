# SPDX-License-Identifier: MIT
"""Networks, processes and tapes for the incidents of the exam.

    with Pair(x) as p, Tape(x) as t:
        server = p.run("b", echo_server, p.ip["b"], 5001, comm="server")
        p.wait_listening("b", 5001)
        answered = p.wait(p.run("a", ask, p.ip["b"], 5001))      # what the function returned
    t.report("--addr", p.cidr)

Two network namespaces are joined by a veth pair; no packet leaves them. All incidents of the host
have numbers, and with them addresses, of their own: perf sees all namespaces at once.
"""
import collections
import ctypes
import fcntl
import heapq
import json
import os
import pickle
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

TCPTAPE = os.environ.get("TCPTAPE", "tcptape")
LINGER0 = struct.pack("ii", 1, 0)
CLONE_NEWNET = 0x40000000
PR_SET_NAME = 15
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x1001
NUMBERS = "/run/tcptape-exam"
libc = ctypes.CDLL(None, use_errno=True)


def sh(*words, check=True, **options):
    """Runs a program and returns what it prints."""
    done = subprocess.run(words, check=False, text=True, capture_output=True, **options)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def wait_for(holds, seconds=30, what="a condition"):
    """Waits until the function returns something true, and returns that."""
    until = time.monotonic() + seconds
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not come within {seconds} s")
        time.sleep(0.05)


def take_number():
    """Returns a number that no other incident on this host has, and the lock that keeps it.

    Numbers are given in turn: the kernel takes a while to end the connections of a namespace."""
    os.makedirs(NUMBERS, exist_ok=True)
    with open(f"{NUMBERS}/last", "a+", encoding="ascii") as last:
        fcntl.flock(last, fcntl.LOCK_EX)
        last.seek(0)
        before = int(last.read() or 0)
        for i in range(250):
            number = (before + i) % 250 + 1
            lock = open(f"{NUMBERS}/{number}", "w", encoding="ascii")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            last.truncate(0)
            last.write(str(number))
            return number, lock
    raise RuntimeError("250 incidents run already")


def enter_namespace(name):
    fd = os.open("/run/netns/" + name, os.O_RDONLY)
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


def set_comm(comm):
    libc.prctl(PR_SET_NAME, comm if isinstance(comm, bytes) else comm.encode(), 0, 0, 0)


class Child:
    """A forked process; wait() returns what its function returned.

    A function whose first argument is called `child` gets the Child, and may wait_until_told();
    tell() lets it go on, once for each call."""

    def __init__(self, prepare, function, args):
        self.reader, writer = os.pipe()
        self.go, self.goes = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(writer)
            os.close(self.go)
            return
        status = 1
        try:
            os.close(self.reader)
            os.close(self.goes)
            if "child" in function.__code__.co_varnames[:1]:
                args = (self, *args)
            for number in range(1, signal.NSIG):
                if signal.getsignal(number) not in (signal.SIG_DFL, None):
                    signal.signal(number, signal.SIG_DFL)
            signal.alarm(150)
            prepare()
            value = function(*args)
            with os.fdopen(writer, "wb") as f:
                pickle.dump(value, f)
            status = 0
        except BaseException as error:  # a child must not run on in the parent's code
            print("child:", repr(error), file=sys.stderr, flush=True)
        finally:
            os._exit(status)

    def wait_until_told(self):
        os.read(self.go, 1)

    def tell(self):
        os.write(self.goes, b"k")

    def wait(self):
        assert self.pid, "the process has ended already"
        with os.fdopen(self.reader, "rb") as f:
            told = f.read()
        self.status = os.waitpid(self.pid, 0)[1]
        os.close(self.goes)
        self.pid = 0
        return pickle.loads(told) if told else None

    def kill(self, number=signal.SIGKILL):
        assert self.pid, "the process has ended already"  # 0 would be this process and its group
        os.kill(self.pid, number)
        return self.wait()


class Pair:
    """Two namespaces: the client's, "a", and the server's, "b".

    One packet is one segment, unless gso is true. sysctls are set in both."""

    def __init__(self, x, gso=False, sysctls=()):
        self.x_name, self.number = x.name, x.number
        self.ns = {side: f"ttx{x.number}{side}" for side in "ab"}
        self.ip = {"a": f"198.18.{x.number}.1", "b": f"198.18.{x.number}.2"}
        self.ip6 = {"a": f"fd91::{x.number}:1", "b": f"fd91::{x.number}:2"}
        self.cidr = f"198.18.{x.number}.0/24"
        self.cidr6 = f"fd91::{x.number}:0/112"
        self.gso, self.sysctls, self.children = gso, sysctls, []

    def __enter__(self):
        for side in "ab":
            sh("ip", "netns", "del", self.ns[side], check=False)
            sh("ip", "netns", "add", self.ns[side])
        sh(*f"ip -n {self.ns['a']} link add lv type veth peer name lv netns {self.ns['b']}".split())
        for side in "ab":
            ip = ("ip", "-n", self.ns[side])
            sh(*ip, "addr", "add", self.ip[side] + "/24", "dev", "lv")
            sh(*ip, "addr", "add", self.ip6[side] + "/112", "dev", "lv", "nodad")
            if not self.gso:
                sh(*ip, "link", "set", "lv", "gso_max_segs", "1")
            sh(*ip, "link", "set", "lv", "up")
            sh(*ip, "link", "set", "lo", "up")
            # Connections must not use metrics that the kernel saved from earlier ones.
            for setting in ("net.ipv4.tcp_no_metrics_save=1", *self.sysctls):
                self.set(side, setting)
            self.x(side, "nft", "add table inet t;"
                   " add chain inet t in { type filter hook input priority 0; };"
                   " add chain inet t out { type filter hook output priority 0; }")
        return self

    def __exit__(self, *_):
        for child in self.children:
            if child.pid:
                child.kill()
        for side in "ab":
            sh("ip", "netns", "del", self.ns[side], check=False)

    def x(self, side, *words, **options):
        """Runs a program in a namespace, and returns what it prints."""
        return sh("ip", "netns", "exec", self.ns[side], *words, **options)

    def set(self, side, setting):
        """Sets a sysctl: "net.ipv4.tcp_sack=0"."""
        name, value = setting.split("=", 1)
        self.x(side, "sh", "-c", f"echo '{value}' >/proc/sys/{name.replace('.', '/')}")

    def rule(self, side, rule, chain="in"):
        """Adds an nftables rule for packets that arrive ("in") or leave ("out")."""
        self.x(side, "nft", f"add rule inet t {chain} {rule}")

    def clear(self, side):
        """Removes all rules."""
        self.x(side, "nft", "flush table inet t")

    def run(self, side, function, *args, comm=None):
        """Runs a function in a process of its own, in a namespace."""

        def prepare():
            enter_namespace(self.ns[side])
            if comm:
                set_comm(comm)

        child = Child(prepare, function, args)
        self.children.append(child)
        return child

    @staticmethod
    def wait(child):
        return child.wait()

    @staticmethod
    def kill(child, number=signal.SIGKILL):
        return child.kill(number)

    def wait_listening(self, side, *ports):
        for port in ports:
            wait_for(lambda: self.x(side, "ss", "-Htln", f"sport = :{port}"),
                     what=f"a listener at port {port}")

    def wait_established(self, side, port, n):
        """Waits until a side has so many established connections to or from a port."""
        wait_for(lambda: len(self.x(side, "ss", "-Htn", "state", "established",
                                    f"( sport = :{port} or dport = :{port} )").splitlines()) >= n,
                 what=f"{n} connections of port {port}")

    def wait_idle(self, side, port, server):
        """Waits until a server has accepted and closed all of its connections."""
        fds = f"/proc/{server.pid}/fd"

        def holds():
            waiting = self.x(side, "ss", "-Htln", f"sport = :{port}").split()[1]
            names = [os.readlink(f"{fds}/{fd}") for fd in os.listdir(fds)]
            return waiting == "0" and sum(n.startswith("socket:") for n in names) == 1

        def is_idle():
            try:
                return holds()
            except FileNotFoundError:
                return False

        wait_for(is_idle, what="an idle server")

    def nstat(self, side, *names):
        """Returns the counters of a namespace: one value, a tuple of several, or all in a dict."""
        values = collections.Counter()
        for line in self.x(side, "nstat", "-asz").splitlines()[1:]:
            name, value = line.split()[:2]
            values[name] = int(value)
        if not names:
            return values
        return values[names[0]] if len(names) == 1 else tuple(values[n] for n in names)

    def ss(self, side, *options):
        return self.x(side, "ss", "-Htna", *options)


class Tape:
    """Records while the block runs."""

    def __init__(self, x, *options, name="a", busy=True):
        self.x, self.options, self.busy = x, options, busy
        self.path = f"{x.dir}/{name}.tape"
        self.spinners, self.said = [], ""

    def __enter__(self):
        # Some kernels deliver no samples from idle CPUs.
        if self.busy and not os.environ.get("EXAM_CPUS_ARE_BUSY"):
            self.spinners = spin()
        self.recorder = subprocess.Popen(
            [TCPTAPE, "record", "-o", self.path, *self.options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        wait_for(self.has_begun, 60, "the recording")
        return self

    def has_begun(self):
        """The timer of the record loop is made after the events have been enabled."""
        if self.recorder.poll() is not None:
            raise RuntimeError("record: " + self.recorder.stdout.read())
        fds = f"/proc/{self.recorder.pid}/fd"
        for fd in os.listdir(fds):
            try:
                if "timerfd" in os.readlink(f"{fds}/{fd}"):
                    time.sleep(0.3)
                    return True
            except OSError:
                pass
        return False

    def __exit__(self, *_):
        time.sleep(0.3)
        if self.recorder.poll() is None:
            self.recorder.send_signal(signal.SIGINT)
        self.said = self.recorder.communicate()[0]
        for spinner in self.spinners:
            spinner.kill()
            spinner.wait()
        print("record:", self.said.strip())

    def out(self, view, *options):
        """Returns what a view prints, notes and exit status included."""
        done = subprocess.run([TCPTAPE, view, *options, self.path], text=True, check=False,
                              capture_output=True, errors="backslashreplace")
        notes = f"[stderr] {done.stderr}" if done.stderr else ""
        status = f"[exit {done.returncode}]\n" if done.returncode else ""
        return done.stdout + notes + status

    def status(self, view, *options):
        return subprocess.run([TCPTAPE, view, *options, self.path], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def view(self, view, *options):
        print("$ tcptape", view, *options)
        print(self.out(view, *options), flush=True)

    def json(self, view, *options):
        """Returns the rows of a view."""
        done = subprocess.run([TCPTAPE, view, "--json", *options, self.path], check=False,
                              stdout=subprocess.PIPE)
        text = done.stdout.decode("utf-8", "surrogateescape")
        return [json.loads(line) for line in text.splitlines() if line]

    def report(self, *options):
        """Returns the report as it is in JSON, and prints its findings."""
        done = subprocess.run([TCPTAPE, "report", "--json", *options, self.path], check=True,
                              stdout=subprocess.PIPE)
        report = json.loads(done.stdout)
        print("$ tcptape report", *options)
        for f in report["findings"]:
            print(f"  {f['id']} ({f['level']}): {f['title']}")
            self.try_command(f)
        return report

    def try_command(self, finding):
        """The command that a finding names must print at least one row."""
        if "command" not in finding:
            return
        words = shlex.split(finding["command"])[1:]
        done = subprocess.run([TCPTAPE, *words, "--json"], check=False, capture_output=True)
        if not done.stdout.strip():
            self.x.holds(f"rows of {finding['command']}: {done.stderr.decode(errors='replace')}", False)

    def findings(self, *options):
        return self.report(*options)["findings"]


def spin():
    """Keeps every CPU busy at idle priority; returns the processes."""
    return [subprocess.Popen(["taskset", "-c", str(cpu), "chrt", "-i", "0",
                              "sh", "-c", "while :; do :; done"])
            for cpu in sorted(os.sched_getaffinity(0))]


def new_socket(ip):
    return socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET)


def listen(ip, port, backlog=64):
    s = new_socket(ip)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((ip, port))
    s.listen(backlog)
    return s


def connect(ip, port, timeout=None, sport=None, src=None):
    s = new_socket(ip)
    if sport or src:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((src or "0.0.0.0", sport or 0))
    s.settimeout(timeout)
    s.connect((ip, port))
    return s


def rst_close(s):
    """Closes with a RST."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER0)
    s.close()


def receive_all(s, n):
    """Receives n bytes, or fewer when the peer ends before."""
    got = b""
    while len(got) < n:
        data = s.recv(n - len(got))
        if not data:
            break
        got += data
    return got


def serve(ip, port, backlog, answer):
    """Accepts for ever; a thread for each connection."""
    listener = listen(ip, port, backlog)

    def run(c):
        try:
            while True:
                data = c.recv(65536)
                if not data:
                    break
                answer(c, data)
        except OSError:
            pass
        c.close()

    while True:
        c, _ = listener.accept()
        threading.Thread(target=run, args=(c,), daemon=True).start()


def echo_server(ip, port, backlog=64):
    """Sends back what it receives."""
    serve(ip, port, backlog, lambda c, data: c.sendall(data))


def sink_server(ip, port, backlog=64):
    """Only receives."""
    serve(ip, port, backlog, lambda c, data: None)


class Wire:
    """Joins the namespaces of a pair by two TUN devices and a process that forwards packets.

    way(i, packet, side, seconds) is called for the i-th packet that leaves a side, so many seconds
    after the start, and returns the delays in seconds after which copies of it arrive; none: the
    packet is lost. The addresses are in .ip."""

    def __init__(self, p, way):
        self.ip = {"a": f"198.19.{p.number}.1", "b": f"198.19.{p.number}.2"}
        self.cidr = f"198.19.{p.number}.0/24"
        ready, is_ready = os.pipe()

        def forward():
            tuns = self.open_tuns(p)
            os.write(is_ready, b"k")
            signal.alarm(150)
            self.forward(tuns, way)

        self.child = Child(lambda: None, forward, ())
        p.children.append(self.child)
        os.read(ready, 1)
        os.close(ready)
        os.close(is_ready)

    def open_tuns(self, p):
        tuns = {}
        for side in "ab":
            enter_namespace(p.ns[side])
            tuns[side] = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(tuns[side], TUNSETIFF, struct.pack("16sH22x", b"tw", IFF_TUN_NO_PI))
        for side in "ab":
            sh("ip", "-n", p.ns[side], "addr", "add", self.ip[side] + "/24", "dev", "tw")
            sh("ip", "-n", p.ns[side], "link", "set", "tw", "up")
        return tuns

    @staticmethod
    def forward(tuns, way):
        start = time.monotonic()
        queue, n_sent, sequence = [], {"a": 0, "b": 0}, 0
        while True:
            now = time.monotonic()
            while queue and queue[0][0] <= now:
                _, _, side, packet = heapq.heappop(queue)
                try:
                    os.write(tuns[side], packet)
                except OSError:
                    pass
            timeout = max(0, queue[0][0] - now) if queue else 1
            readable = select.select(list(tuns.values()), [], [], timeout)[0]
            now = time.monotonic()
            for side, other in ("a", "b"), ("b", "a"):
                if tuns[side] not in readable:
                    continue
                packet = os.read(tuns[side], 70000)
                if packet[0] >> 4 != 4:
                    continue
                for delay in way(n_sent[side], packet, side, now - start):
                    sequence += 1
                    heapq.heappush(queue, (now + delay, sequence, other, packet))
                n_sent[side] += 1
