# SPDX-License-Identifier: MIT
"""What the hygiene tests share. They run in the source folder: `bad` reports, `verdict` ends."""
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"(?P<own>[^"]+)"|<(?P<foreign>[^>]+)>)')


class Findings:
    def __init__(self):
        self.n_bad = 0

    def bad(self, text):
        print(text)
        self.n_bad += 1

    def verdict(self):
        if self.n_bad:
            sys.exit(f"{self.n_bad} found")
        sys.exit(0)


def files(*where):
    """Files of the repository, new ones included; where git does not answer, what is there."""
    git = subprocess.run(["git", "ls-files", "-zco", "--exclude-standard", "--", *where],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if git.returncode == 0:
        found = {pathlib.Path(name) for name in git.stdout.split("\0") if name}
    else:
        found = {path for top in where for path in pathlib.Path(top).rglob("*")}
    return sorted(path for path in found
                  if path.is_file() and not path.parts[0].startswith((".git/", "build"))
                  and path.parts[0] != ".git")


def sources(*where):
    return [path for path in files(*where) if path.suffix in (".c", ".h")]


def includes(path):
    """(line number, what is included with "", what is included with <>): one of them is None."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found["own"], found["foreign"]


def compiler(*options):
    return [*shlex.split(os.environ.get("CC", "cc")), "-std=gnu11", "-D_GNU_SOURCE", "-Isrc",
            "-Iinclude", *shlex.split(os.environ.get("CFLAGS_DEPS", "")), *options]


def run_each(commands):
    """(command, its CompletedProcess) of all; as many run at once as there are CPUs."""
    def run(command):
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(commands, pool.map(run, commands))
