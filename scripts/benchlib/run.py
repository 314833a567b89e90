# SPDX-License-Identifier: MIT
"""Runs what is measured: recorders, which SIGINT stops, loads, and commands and their cost."""
import contextlib
import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import time

# After this time a recorder has opened its events, and waits for them; no recorder reports that
# itself. On a busy machine it may take longer: then it must be seen asleep so many times in a row.
READY_S = 0.7
ASLEEP, ASLEEP_S = 4, 0.05
# A command that takes longer is taken to hang.
PATIENCE_S = 240


class BenchError(Exception):
    """A failure, as one line for the user."""


@dataclasses.dataclass(frozen=True)
class Load:
    mill_ms: int
    loss_ms: int
    storm_sockets: tuple
    storm_s: int
    callgrind_events: int
    crowd: tuple  # sockets, processes, descriptors of each, network namespaces
    whole_loads: tuple  # milliseconds and events per second; 0: as many as go


@dataclasses.dataclass
class Bench:
    """The programs, the size of the run, and the results that later stages use."""
    tcptape: str
    traffic: str
    hot: str
    top: pathlib.Path
    work: pathlib.Path
    load: Load
    rounds: int
    options: list  # of tcptape record, besides its defaults
    notes: list = dataclasses.field(default_factory=list)
    takes: dict = dataclasses.field(default_factory=dict)  # by recorder: the last one

    def note(self, line):
        if line not in self.notes:
            self.notes.append(line)


def run(command):
    """Runs a command and returns its output. The error's text is its last line on standard
    error."""
    try:
        done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=PATIENCE_S)
    except subprocess.TimeoutExpired as e:
        raise BenchError(f"{command[0]}: takes longer than {PATIENCE_S} s") from e
    if done.returncode:
        raise BenchError(f"{command[0]}: {last_line(done.stderr) or done.returncode}")
    return done.stdout


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


@dataclasses.dataclass(frozen=True)
class Cost:
    seconds: float
    cpu_s: float
    peak_kib: int


def cost(bench, command):
    """Runs a command whose output is dropped, and returns its cost. `hot` starts it
    (tests/bench/hot-cost.c says why)."""
    words = run([bench.hot, "cost", *command]).split()
    return Cost(float(words[0]), float(words[1]), int(words[2]))


class Recorder:
    """A process that records until SIGINT, and the resources that it and its children used."""

    def __init__(self, command, log):
        self.log = pathlib.Path(log)
        with self.log.open("w") as out:
            self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL,
                                            stdout=out, stderr=out)
        self.usage = None

    def complaint(self):
        return last_line(self.log.read_text(errors="replace"))

    def wait_until_ready(self):
        time.sleep(READY_S)
        deadline, asleep = time.monotonic() + PATIENCE_S / 8, 0
        while asleep < ASLEEP:
            if self.reap(os.WNOHANG):
                raise BenchError(self.complaint() or "the recorder ended by itself")
            if time.monotonic() > deadline:
                raise BenchError("the recorder does not get ready")
            asleep = asleep + 1 if self.is_asleep() else 0
            time.sleep(ASLEEP_S)

    def is_asleep(self):
        """Whether none of its threads wants a CPU."""
        states = []
        for stat in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/stat"):
            with contextlib.suppress(OSError):
                states.append(stat.read_text().rsplit(")", 1)[1].split()[0])
        return all(state == "S" for state in states)

    def cpu_ns(self):
        """User and system time of all its threads up to now. It is exact only while the process
        sleeps."""
        return time.clock_gettime_ns(~self.process.pid << 3 | 2)

    def reap(self, flags=0):
        if self.usage is None:
            pid, status, usage = os.wait4(self.process.pid, flags)
            if pid:
                self.usage = usage
                self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.usage is not None

    def stop(self):
        """User and system seconds."""
        if not self.reap(os.WNOHANG):
            self.process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + PATIENCE_S
        while not self.reap(os.WNOHANG):
            if time.monotonic() > deadline:
                self.kill()
                raise BenchError("a recorder goes on after SIGINT")
            time.sleep(0.01)
        return self.usage.ru_utime + self.usage.ru_stime

    def kill(self):
        if not self.reap(os.WNOHANG):
            self.process.kill()
            self.reap()


@contextlib.contextmanager
def recording(command, log):
    """A recorder that is ready. At the end of the block it is killed, if it still runs."""
    recorder = Recorder(command, log)
    try:
        recorder.wait_until_ready()
        yield recorder
    finally:
        recorder.kill()


@contextlib.contextmanager
def no_idle_cpus(bench):
    """Keeps CPUs busy, because some kernels deliver no samples from idle ones."""
    pid = int(run([bench.traffic, "spin", PATIENCE_S]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def busy_loops(n):
    """Processes of normal priority that do nothing but compute."""
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(n)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def mill(bench, ms):
    """Lets two processes connect to themselves, and returns how many connections they made."""
    out = run([bench.traffic, "mill", ms, 2])
    return sum(int(n) for n in re.findall(r"mill: (\d+)", out))
