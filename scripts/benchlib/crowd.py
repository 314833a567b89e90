# SPDX-License-Identifier: MIT
"""Hosts of some size: what the start and the end of a recording take where there are many sockets,
descriptors, processes and network namespaces."""
import ctypes
import os
import resource
import signal
import socket
import sys

from .run import BenchError, Recorder, run
from .table import Bar, alone

STAGE = "hosts"
CLONE_NEWNET = 0x40000000
# Sockets of one process.
SOCKETS_EACH = 500


def connect_pairs(n):
    """Sockets that are connected to each other, in one process."""
    kept = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(n)
        for _ in range(n // 2):
            near = socket.socket()
            near.connect(listener.getsockname())
            kept += [near, listener.accept()[0]]
    return kept


def crowd_process(sockets, files, has_namespace):
    """What one process of the crowd does. Never returns."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kept = []
    if has_namespace:
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) < 0:
            os._exit(1)
        listener = socket.socket()
        listener.listen(1)
        kept.append(listener)
    kept += connect_pairs(sockets)
    kept += [os.open("/dev/null", os.O_RDONLY) for _ in range(files)]
    os.write(1, b".")
    signal.pause()
    os._exit(0)


class Crowd:
    """Processes that hold sockets, files and namespaces until they are told to go."""

    def __init__(self, sockets, processes, files, namespaces):
        kinds = [(SOCKETS_EACH, 0, False)] * (sockets // SOCKETS_EACH)
        kinds += [(0, files, False)] * processes + [(0, 0, True)] * namespaces
        self.pids = []
        ready, wake = os.pipe()
        sys.stdout.flush()
        for kind in kinds:
            pid = os.fork()
            if not pid:
                os.dup2(wake, 1)
                crowd_process(*kind)
            self.pids.append(pid)
        os.close(wake)
        here = 0
        while here < len(kinds):
            came = os.read(ready, 65536)
            if not came:
                break
            here += len(came)
        os.close(ready)
        self.is_whole = here == len(kinds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        for pid in self.pids:
            os.waitpid(pid, 0)


def once(bench):
    """CPU seconds and peak memory of a recording of a quiet half second."""
    recorder = Recorder([bench.tcptape, "record", "-d", "0.5", "-o", bench.work / "crowd.tape"],
                        bench.work / "crowd.log")
    try:
        recorder.reap(0)
    finally:
        recorder.kill()
    return (recorder.usage.ru_utime + recorder.usage.ru_stime, recorder.usage.ru_maxrss / 1024)


def measure(bench):
    size = bench.load.crowd
    alone_cpu = [once(bench)[0] for _ in range(bench.rounds)]
    with Crowd(*size) as crowd:
        if not crowd.is_whole:
            raise BenchError("the crowd could not be made")
        takes = [once(bench) for _ in range(bench.rounds)]
    run([bench.tcptape, "check", bench.work / "crowd.tape"])
    bench.note("hosts: {} sockets, {} processes with {} descriptors, {} namespaces".format(*size))
    return [alone(STAGE, "start and end, this host", "s", alone_cpu),
            alone(STAGE, "start and end, crowd", "s", [t[0] for t in takes], Bar("<=", 0.3)),
            alone(STAGE, "peak, rings included", "MiB", [t[1] for t in takes])]
