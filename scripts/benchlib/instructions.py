# SPDX-License-Identifier: MIT
"""Instructions per event, counted by callgrind, which a loaded machine does not change.
Everything is run with n and with 2 n events, and the difference is taken, so that start-up does
not count."""
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import tempfile

from .run import PATIENCE_S, BenchError, last_line, run
from .table import Row

STAGE = "instructions"
# How many events a drain finds on each CPU.
LONG, SHORT = 512, 8
CPUS = (2, 16, 128)
# How many programs run under callgrind at the same time.
AT_ONCE = 2
# Only instructions in these functions of the recorder count, not those that fill the rings.
RECORDER = ("drain_run", "writer_thread_main")
VIEWS = (("replay",), ("states", "-c"))
# Its rows are decoded in one thread and written out in another (rows/threaded-sink).
THREADED = ("replay",)


def count(command, functions=()):
    """Counts the instructions of a command; of these functions and their callees only, if given."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         *(f"--toggle-collect={f}" for f in functions), *map(str, command)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        errors="replace", timeout=PATIENCE_S)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found or not int(found.group(1)):
        what = re.search(r"(unhandled instruction.*|SIGILL)", done.stderr)
        raise BenchError(f"callgrind cannot run {command[0].rsplit('/')[-1]}: "
                         f"{what.group(1) if what else last_line(done.stderr)}")
    return int(found.group(1))


def drain(bench, cpus, length):
    n = bench.load.callgrind_events
    few, many = (count([bench.hot, "drain", events, cpus, length], RECORDER)
                 for events in (n, 2 * n))
    return (many - few) / n


def view(bench, command):
    n = bench.load.callgrind_events
    few, many = (count([bench.tcptape, *command, bench.work / f"hot{k}.tape"]) for k in (1, 2))
    return (many - few) / n


def busiest(bench, command):
    """Instructions of the thread that executes most: what a run takes where all threads have CPUs.
    Callgrind writes a file for each thread."""
    n, counts = bench.load.callgrind_events, []
    for k in (1, 2):
        with tempfile.TemporaryDirectory(dir=bench.work) as out:
            run(["valgrind", "--tool=callgrind", "--separate-threads=yes",
                 f"--callgrind-out-file={out}/count", bench.tcptape, *command,
                 bench.work / f"hot{k}.tape"])
            files = pathlib.Path(out).glob("count-*")
            totals = [re.search(r"^totals: (\d+)", f.read_text(), re.MULTILINE) for f in files]
            counts.append(max(int(t.group(1)) for t in totals if t))
    return (counts[1] - counts[0]) / n


def make_tapes(bench):
    for k in (1, 2):
        run([bench.hot, "tape", bench.work / f"hot{k}.tape", k * bench.load.callgrind_events, 4])


def drain_rows(results):
    """The ratio of each row is to two CPUs and long runs: it shows how the cost grows."""
    base = results[CPUS[0], LONG]
    for (cpus, length), figure in results.items():
        name = f"drain {cpus} CPUs, {'long' if length == LONG else 'short'} runs"
        yield Row(STAGE, name, "instr", figure,
                  ratio=None if (cpus, length) == (CPUS[0], LONG) else figure / base)


def measure(bench):
    if not shutil.which("valgrind"):
        raise BenchError("valgrind is not installed")
    make_tapes(bench)
    shapes = [(cpus, length) for length in (LONG, SHORT) for cpus in CPUS]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        views = [pool.submit(view, bench, command) for command in VIEWS]
        drains = [pool.submit(drain, bench, *shape) for shape in shapes]
        most = pool.submit(busiest, bench, THREADED)
        rows = [Row(STAGE, " ".join(c), "instr", f.result()) for c, f in zip(VIEWS, views)]
        whole = rows[VIEWS.index(THREADED)].ours
        rows.append(Row(STAGE, " ".join(THREADED) + ", busiest thread", "instr", most.result(),
                        ratio=most.result() / whole))
        return rows + list(drain_rows(dict(zip(shapes, (f.result() for f in drains)))))
