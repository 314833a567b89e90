#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""load: a listener that does not accept, and a connection whose peer does not read; ss shows both
again and again. check: each sample lies within what ss showed before and after it."""
import json
import re
import socket
import subprocess
import sys
import time

QUEUE, WINDOW = 7801, 7802
LOOKS = 30
# Fields of a sample, and what `ss -tin` calls them.
CONSTANT = {"snd_mss": "mss", "snd_cwnd": "cwnd", "pmtu": "pmtu", "advmss": "advmss",
            "bytes_acked": "bytes_acked", "segs_in": "segs_in", "bytes_sent": "bytes_sent"}
GROWING = {"last_data_sent_ms": "lastsnd", "busy_time_us": "busy", "rwnd_limited_us": "rwnd_limited"}
MEMORY = {"rcvbuf": "rb", "sndbuf": "tb", "wmem_queued": "w"}


def ss(*args):
    return subprocess.run(["ss", "-H", "-n", *args], check=True, capture_output=True,
                          text=True).stdout


def look():
    """What ss shows now, and when that was: between two readings of the clock."""
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    queue = ss("-tl", f"sport = :{QUEUE}").split()
    conn = ss("-tinem", f"dport = :{WINDOW}")
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    return {"before": before, "after": after, "queue": int(queue[1]), "limit": int(queue[2]),
            "conn": conn}


def load(path):
    queue, server = socket.socket(), socket.socket()
    for listener, port, backlog in ((queue, QUEUE, 6), (server, WINDOW, 5)):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(backlog)
    client = socket.create_connection(("127.0.0.1", WINDOW))
    peer, _ = server.accept()
    print("ready", flush=True)
    sys.stdin.readline()
    client.setblocking(False)
    try:
        while True:
            client.send(bytes(65536))
    except BlockingIOError:
        pass
    waiting = [socket.create_connection(("127.0.0.1", QUEUE)) for _ in range(4)]
    looks = []
    for _ in range(LOOKS):
        looks.append(look())
        time.sleep(0.5)
    for _ in waiting:
        queue.accept()[0].close()
    time.sleep(4)
    with open(path, "w", encoding="ascii") as f:
        json.dump(looks, f)
    print("done", flush=True)
    sys.stdin.readline()
    peer.close()


def number(conn, name):
    """A number in the text of ss; milliseconds as microseconds where it says so."""
    found = re.search(rf"[\s(,]{name}[:]?([0-9.]+)(ms)?", conn)
    if not found:
        return None
    value = float(found.group(1))
    return int(value * 1000) if found.group(2) else int(value)


def check(rows_path, truth_path):
    with open(rows_path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    with open(truth_path, encoding="ascii") as f:
        looks = json.load(f)
    samples = [r for r in rows if r["event"] == "sock_diag:tcp_sample"]
    first, last = looks[0]["after"], looks[-1]["before"]
    bad = []

    queues = [r for r in samples if r.get("lport") == QUEUE and r["listing"] == 4]
    inside = [r for r in queues if first < r["ts_ns"] < last]
    if len(inside) < LOOKS * 0.5 / 4:
        bad.append(f"only {len(inside)} samples of the queue")
    for r in inside:
        if (r["rqueue"], r["wqueue"]) != (looks[0]["queue"], looks[0]["limit"]):
            bad.append(f"the queue is {r['rqueue']} of {r['wqueue']}")
    if not queues or queues[-1]["rqueue"]:
        bad.append("no sample says that the queue is empty again")

    conns = [r for r in samples
             if r.get("rport") == WINDOW and r["listing"] == 5 and first < r["ts_ns"] < last]
    if len(conns) < LOOKS * 0.5 / 4:
        bad.append(f"only {len(conns)} samples of the connection")
    for r in conns:
        before = max((x for x in looks if x["after"] < r["ts_ns"]), key=lambda x: x["after"])
        after = min((x for x in looks if x["before"] > r["ts_ns"]), key=lambda x: x["before"])
        for key, name in {**CONSTANT, **GROWING, **MEMORY}.items():
            low, high = number(before["conn"], name), number(after["conn"], name)
            if low is None or high is None:
                continue
            slack = 1000 if key in GROWING else 0
            if not min(low, high) - slack <= r[key] <= max(low, high) + slack:
                bad.append(f"{key} is {r[key]}, and ss shows {low} and {high}")
        if r["snd_wnd"] or r["timer"] != 4:
            bad.append(f"window {r['snd_wnd']}, timer {r['timer']}")
        if not re.search(rf"\b{r['congestion']}\b", before["conn"]):
            bad.append(f"ss does not show {r['congestion']}")
    # The tables are no samples, and samples are no tables.
    if any(r["listing"] > 3 for r in rows if r["event"] == "sock_diag:socket_table"):
        bad.append("a row of a table is a sample")
    for line in bad[:20]:
        print("FAILED:", line)
    print(f"{len(inside)} samples of a queue and {len(conns)} of a connection, {len(bad)} wrong")
    return 1 if bad else 0


if sys.argv[1] == "load":
    load(sys.argv[2])
else:
    sys.exit(check(sys.argv[2], sys.argv[3]))
