#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""containers.py run CGROUPS ADDRESS PORT LOG: connections from many control groups.

CGROUPS is a directory of a cgroup file system. Half of the groups are there already (old-*); the other half
are made now. Each of their processes is forked, then moved into its group as container engines do, and then
connects. One process connects from two groups, and one from none.

LOG gets a line for each connection: local port, process, the name of the group or "-".

containers.py check LOG TAPE.json: compares the output of `tcptape life --json` with the log."""
import json
import os
import socket
import sys

ROUNDS = 2


def connect(at, log, name):
    s = socket.create_connection(at)
    os.write(log, f"{s.getsockname()[1]} {os.getpid()} {name}\n".encode())
    s.close()


def join(group):
    with open(os.path.join(group, "cgroup.procs"), "w") as f:
        f.write(str(os.getpid()))


def child(do):
    pid = os.fork()
    if pid:
        return pid
    try:
        do()
    except BaseException as e:
        print(e, file=sys.stderr)
        os._exit(1)
    os._exit(0)


def run(root, address, port, path):
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    at = (address, int(port))
    names = sorted(n for n in os.listdir(root) if "old" in n or n.startswith("docker-"))
    news = [n.replace("docker-0", "docker-1") for n in names]

    def member(name):
        join(os.path.join(root, name))
        for _ in range(ROUNDS):
            connect(at, log, name)

    def mover():
        for name in (names[0], news[0], names[1]):
            join(os.path.join(root, name))
            connect(at, log, name)

    children = []
    for old, new in zip(names, news):
        os.mkdir(os.path.join(root, new))
        children += [child(lambda: member(old)), child(lambda: member(new))]
    children += [child(mover), child(lambda: connect(at, log, "-"))]
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(c, 0)[1]) for c in children))


def check(path, rows):
    want, bad = {}, 0
    for line in open(path):
        port, pid, name = line.split()
        want[int(port)] = (int(pid), name)
    seen = set()
    for line in open(rows):
        row = json.loads(line)
        if row.get("began") != "connect" or row.get("lport") not in want:
            continue
        pid, name = want[row["lport"]]
        if row.get("pid") != pid:
            continue
        seen.add(row["lport"])
        container = None if name == "-" else name[len("docker-"):][:12]
        group = os.path.basename(row.get("cgroup", ""))
        if row.get("container") != container or (name != "-" and (
                group != name or row.get("container_by") != "event")):
            print(f"port {row['lport']}, process {pid}: {row.get('cgroup')} is not {name}")
            bad += 1
    print(f"connections {len(want)} seen {len(seen)} wrong {bad} "
          f"groups {len({n for _, n in want.values()})}")
    return bad or len(seen) != len(want)


if __name__ == "__main__":
    sys.exit(run(*sys.argv[2:]) if sys.argv[1] == "run" else check(*sys.argv[2:]))
