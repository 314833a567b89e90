#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""truth.py load OUT: makes connections, and writes what is known about each of their ends to OUT,
one JSON line an end. Prints "ready" when the connections that are to be older than the recording
are open, and goes on when it reads a line; prints "done" at last, and leaves some connections open
until it reads another line.

truth.py check TAPE OUT PROFILE: compares `tcptape life` with OUT (TCPTAPE: path of the program)."""
import array, ctypes, json, os, random, signal, socket, struct, subprocess, sys, threading, time

V4, V6 = socket.AF_INET, socket.AF_INET6
now = time.monotonic_ns


def fork():
    """Forks a child that is killed when its parent ends."""
    pid = os.fork()
    if pid == 0:
        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    return pid


def fork_apart(s):
    """Forks a child that gets the connection for itself: returns in it when the parent has closed
    its own descriptor. The process that closes the last descriptor is the owner, and under load
    that might be the parent."""
    r, w = os.pipe()
    pid = fork()
    if pid:
        s.close()
        os.close(r)
        os.close(w)
        return pid
    os.close(w)
    os.read(r, 1)
    os.close(r)
    return 0


def unmapped(address):
    return address[7:] if address.startswith("::ffff:") else address


class Truth:
    """The file of lines, which several processes write, each for the ends that it knows."""

    def __init__(self, path):
        self.path = path
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)

    def wait_for(self, n_ends):
        """Waits until so many lines have been written: under load some servers are late."""
        deadline = time.monotonic() + 300
        while True:
            with open(self.path, "rb") as f:
                n = sum(1 for _ in f)
            if n >= n_ends or time.monotonic() > deadline:
                return
            time.sleep(0.05)

    def end(self, sock_names, **what):
        (laddr, lport, *_), (raddr, rport, *_) = sock_names
        what.update(laddr=unmapped(laddr), lport=lport, raddr=unmapped(raddr), rport=rport)
        os.write(self.fd, (json.dumps(what) + "\n").encode())


def names(s):
    return s.getsockname(), s.getpeername()


def read_all(s, n, peek=False):
    got = 0
    while got < n:
        if peek:
            s.recv(min(100, n - got), socket.MSG_PEEK)
        data = s.recv(min(random.randint(1, 5000), n - got))
        if not data:
            break
        got += len(data)
    return got


def serve(s, t, how):
    """Serves a connection. Its head says who closes first, and how many bytes each side sends."""
    n = names(s)
    head = s.recv(9, socket.MSG_WAITALL)
    if len(head) < 9:  # the connection was older than the recording, and not used
        return
    mode, rx, tx = struct.unpack("!cII", head)
    mode = mode.decode()
    got = 9 + read_all(s, rx if mode != "u" else rx // 2, peek=True)
    if tx:
        with open("/dev/zero", "rb") as zeros:
            if mode == "f":  # sendfile needs a file of that size
                with open(t.file, "rb") as f:
                    s.sendfile(f, 0, tx)
            else:
                s.sendall(zeros.read(tx))
    ended = {"c": ["remote-fin"], "f": ["remote-fin"], "s": ["local-fin"],
             "l": ["remote-reset"], "u": ["local-reset"], "o": ["open"], "h": ["open"], "S": ["local-fin"]}[mode]
    if mode in "cfh":
        s.recv(1)
    if mode in "oh":
        t.kept.append(s)
    elif mode == "l":
        try:
            s.recv(1)
        except ConnectionResetError:
            pass
        s.close()
    else:
        s.close()
    t.end(n, pid=os.getpid(), how=how, tx=tx, rx=got, ended=ended, began="before" if mode == "S" else "accept",
          bytes=mode not in "lu")


def listener(family, address):
    s = socket.socket(family)
    if family == V6 and address == "::":
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind((address, 0))
    s.listen(100)
    return s


def forking(l, t):
    while True:
        s, _ = l.accept()
        if fork_apart(s) == 0:
            l.close()
            serve(s, t, "forked")
            if t.kept:
                signal.pause()
            os._exit(0)


def threaded(l, t):
    while True:
        s, _ = l.accept()
        threading.Thread(target=serve, args=(s, t, "thread"), daemon=True).start()


def handing(l, t):
    """Accepts connections and passes them to another process, which serves one when this process
    has closed its own descriptor."""
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    if fork() == 0:
        l.close()
        while True:
            _, anc, _, _ = b.recvmsg(1, socket.CMSG_SPACE(4))
            fd = array.array("i")
            fd.frombytes(anc[0][2][:4])
            b.recv(1)
            threading.Thread(target=serve, args=(socket.socket(fileno=fd[0]), t, "handed"),
                             daemon=True).start()
    while True:
        s, _ = l.accept()
        a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [s.fileno()]))])
        s.close()
        a.send(b"y")


def client(t, family, address, mode, rx, tx, inherit=False, before=False):
    s = socket.socket(family)
    c0 = now()
    s.connect(address)
    c1 = now()
    if inherit:
        pid = fork_apart(s)
        if pid:
            os.waitpid(pid, 0)
            return None
    n = names(s)
    if mode == "u":  # the server does not answer bytes that it does not read
        rx = 0
    if mode == "l":  # the server must learn its peer's address before the peer is gone
        rx = max(rx, 1)
    s.sendall(struct.pack("!cII", mode.encode(), tx, rx) + b"y" * tx)
    got = read_all(s, rx)
    end = {"pid": os.getpid(), "how": "inherited" if inherit else "connect", "tx": 9 + tx,
           "rx": got, "began": "before" if before else "connect", "bytes": mode not in "lu"}
    if mode == "s":
        s.recv(1)
        k0 = now()
        s.close()
        k1 = now()
        t.end(n, ended=["remote-fin"], dur=[k0 - c1, k1 - c0] if not before else None, **end)
    elif mode == "u":
        try:
            s.recv(1)
        except ConnectionResetError:
            pass
        s.close()
        t.end(n, ended=["remote-reset"], **end)
    elif mode == "l":
        time.sleep(0.01)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        k0 = now()
        s.close()
        k1 = now()
        t.end(n, ended=["local-reset"], dur=[k0 - c1, k1 - c0] if not before else None, **end)
    elif mode == "o":
        t.end(n, ended=["open"], **end)
        t.kept.append(s)
        return s
    elif mode == "h":
        s.shutdown(socket.SHUT_WR)
        t.end(n, ended=["open"], **end)
        t.kept.append(s)
        return s
    else:
        s.close()
        t.end(n, ended=["local-fin"], **end)
    if inherit:
        os._exit(0)
    return s


def refused(t, family, address):
    s = socket.socket(family)
    s.bind((address, 0))
    port = s.getsockname()[1]
    c = socket.socket(family)
    c.bind((address, 0))
    name = c.getsockname()
    try:
        c.connect((address, port))
    except ConnectionRefusedError:
        pass
    c.close()
    t.end((name, (address, port)), pid=os.getpid(), how="connect", tx=0, rx=0,
          ended=["remote-reset"], began="connect", bytes=True)


# FIN_WAIT1, LAST_ACK and CLOSING, the states in which a FIN is not acknowledged.
CLOSING = ("04", "09", "0B")


def wait_until_closed():
    """Waits for all FINs: a FIN that was lost is retransmitted long after the programs closed the socket."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        states = [line.split()[3] for name in ("tcp", "tcp6")
                  for line in open(f"/proc/net/{name}").readlines()[1:]]
        if not any(state in CLOSING for state in states):
            return
        time.sleep(0.05)


def load(path):
    t = Truth(path)
    t.kept = []
    t.file = path + ".data"
    with open(t.file, "wb") as f:
        f.write(b"z" * 300000)
    places, children = [], []
    for serving in (forking, threaded, handing):
        for family, address in ((V4, "127.0.0.1"), (V6, "::1"), (V6, "::")):
            l = listener(family, address)
            pid = fork()
            if pid == 0:
                serving(l, t)
            children.append(pid)
            port = l.getsockname()[1]
            # For a listener of both families the client uses IPv4.
            places.append((V4, ("127.0.0.1", port)) if address == "::" else (family, (address, port)))
            l.close()
    busy = []
    for _ in range(2):
        pid = fork()
        if pid == 0:
            while True:
                pass
        busy.append(pid)
    old = []
    for family, place in places:
        s = socket.socket(family)
        s.connect(place)
        old.append(s)
    # Half of the connections that are older than the recording are used and closed during it.
    print("ready", flush=True)
    sys.stdin.readline()
    for i, s in enumerate(old):
        n = names(s)
        if i % 2:
            s.sendall(struct.pack("!cII", b"S", 100 + i, 1000 + i) + b"y" * (100 + i))
            got = read_all(s, 1000 + i)
            s.recv(1)
            s.close()
            t.end(n, pid=os.getpid(), how="before", tx=109 + i, rx=got, ended=["remote-fin"],
                  began="before", bytes=True)
        else:
            t.end(n, pid=os.getpid(), how="before", tx=0, rx=0, ended=["open"], began="before",
                  bytes=True)
    n_clients = n_refused = 0
    for round in range(12):
        for family, place in places:
            for mode in "csful":
                client(t, family, place, mode, random.choice((0, 1, 1000, 70000, 200000)),
                       random.choice((2, 100, 30000)), inherit=round % 4 == 3)
                n_clients += 1
            if round == 0:
                client(t, family, place, "o", 500, 500)
                client(t, family, place, "h", 500, 500)
                n_clients += 2
        refused(t, V4, "127.0.0.1")
        refused(t, V6, "::1")
        n_refused += 2
    # Many short connections, so that the kernel reuses the addresses of its sockets.
    for i in range(400):
        family, place = places[3]
        client(t, family, place, "c" if i % 2 else "s", i, i + 2)
        n_clients += 1
    # There is a line for both ends of each connection, but only one for a refused or unused one.
    t.wait_for(2 * n_clients + n_refused + len(old) + len(old) // 2)
    wait_until_closed()
    os.unlink(t.file)
    print("done", json.dumps(busy), flush=True)
    sys.stdin.readline()
    for pid in children + busy:
        os.kill(pid, 9)


def lines(*args):
    out = subprocess.run([os.environ["TCPTAPE"], *args], capture_output=True, text=True)
    return [json.loads(l) for l in out.stdout.splitlines()]


def key(d):
    return d.get("laddr"), d.get("lport"), d.get("raddr"), d.get("rport")


def same(entries, turns):
    """Returns a function that gives the entries with the same addresses one after the other, or None: a
    port may be reused after a second (tcp_tw_reuse). turns counts the entries given."""
    def take(k, of):
        turn = turns[k] = turns.get(k, -1) + 1
        found = entries.get(k, [])
        return found[turn] if len(found) == of and turn < of else None
    return take


class Bad:
    """The failed checks, and their connections. The kernel leaves an event undelivered now and then, and
    the tape says how many: each of them may have spoiled at most one connection."""

    def __init__(self):
        self.texts, self.spoiled, self.n_others = [], set(), 0

    def add(self, text, of=None):
        self.texts.append(text)
        if of is None:
            self.n_others += 1
        else:
            (laddr, lport, raddr, rport) = key(of)
            self.spoiled.add(frozenset(((laddr, lport), (raddr, rport))))

    def verdict(self, n_undelivered):
        is_bad = self.n_others or len(self.spoiled) > n_undelivered
        for text in self.texts[:20]:
            print("FAILED:" if is_bad else "note:", text)
        print(f"{len(self.texts)} checks failed, of {len(self.spoiled)} connections and "
              f"{self.n_others} others; {n_undelivered} events are said to be undelivered")
        return is_bad


def count(keys):
    n = {}
    for k in keys:
        n[k] = n.get(k, 0) + 1
    return n


def way(e):
    return "sent" if e["ended"] == ["local-reset"] else "received"


def is_reset(e):
    return e["ended"][0] in ("local-reset", "remote-reset")


def check_resets_and_connects(tape, truth, bad):
    resets, connects = {}, {}
    for r in lines("resets", "-a", "--json", tape):
        resets.setdefault((key(r), r["direction"]), []).append(r)
    for c in lines("connects", "--json", tape):
        connects.setdefault(key(c), []).append(c)
    n_resets = count((key(e), way(e)) for e in truth if is_reset(e))
    n_connects = count(key(e) for e in truth if e["began"] == "connect")
    next_reset, next_connect = same(resets, {}), same(connects, {})
    for e in truth:
        if is_reset(e):
            k = key(e), way(e)
            r = next_reset(k, n_resets[k])
            if not r or r.get("pid") != e["pid"] and \
                    r.get("owner") in ("connect", "close", "io", "table"):
                bad.add(f"resets {way(e)}: {resets.get(k)} for {e}", e)
        if e["began"] == "connect":
            c = next_connect(key(e), n_connects[key(e)])
            result = "refused" if e["ended"] == ["remote-reset"] and not e["tx"] else "ok"
            if not c or c["result"] != result:
                bad.add(f"connects {result}: {connects.get(key(e))} for {e}", e)


def check_filters(tape, truth, bad):
    """Checks that each filter gives the lines that are picked out of all lines here."""
    everything = lines("life", "--json", tape)
    some = truth[len(truth) // 2]
    for args, picks in (
            (["--port", str(some["lport"])],
             lambda l: some["lport"] in (l.get("lport"), l.get("rport"))),
            (["--lport", str(some["lport"])], lambda l: l.get("lport") == some["lport"]),
            (["--rport", str(some["lport"])], lambda l: l.get("rport") == some["lport"]),
            (["--pid", str(some["pid"])], lambda l: l.get("pid") == some["pid"]),
            (["--comm", "python3"], lambda l: l.get("comm") == "python3"),
            (["--addr", "127.0.0.0/8"],
             lambda l: (l.get("laddr") or "").startswith("127.") or
             (l.get("raddr") or "").startswith("127.")),
            (["-4"], lambda l: l.get("family") == 4),
            (["-6"], lambda l: l.get("family") == 6)):
        picked = [l for l in everything if picks(l)]
        if lines("life", "--json", *args, tape) != picked or not picked:
            bad.add(f"life {args} is not what it should be")


def check_sums(tape, life, truth, bad):
    """Checks that a connection lasts as long as its states together. Connections with the same socket
    address and ports are added up, since both are reused."""
    n, sums, wanted, unknown = 0, {}, {}, set()
    for s in lines("states", "--json", "--open", tape):
        k = s.get("sk"), key(s)
        sums[k] = sums.get(k, 0) + s.get("duration_ns", 0)
        # A FIN_WAIT2 that goes on as a TIME_WAIT socket has no known length.
        if s.get("oldstate") == "FIN_WAIT2" and "duration_ns" not in s:
            unknown.add(k)
    for k in {key(e) for e in truth}:
        for l in life.get(k, []):
            wanted.setdefault((l.get("sk"), k), []).append(l)
    for k, same_sk in wanted.items():
        if k[0] is None or k in unknown or not all("duration_ns" in l for l in same_sk):
            continue
        n += len(same_sk)
        if sums.get(k) != sum(l["duration_ns"] for l in same_sk):
            bad.add(f"states add up to {sums.get(k)}: {same_sk}", same_sk[0])
    return n


def check(tape, path, busy):
    truth = [json.loads(l) for l in open(path)]
    bad, n_owner, n_right, n_bytes, n_dur, worst = Bad(), 0, 0, 0, 0, 0
    life = {}
    for l in lines("life", "--json", tape):
        life.setdefault(key(l), []).append(l)
    n_ends, next_life = count(key(e) for e in truth), same(life, {})
    for e in truth:
        l = next_life(key(e), n_ends[key(e)])
        if not l:
            bad.add(f"{len(life.get(key(e), []))} lines for {e}", e)
            continue
        if l["ended"] not in e["ended"]:
            bad.add(f"ended {l['ended']}: {e} {l}", e)
        if l["began"] != e["began"]:
            bad.add(f"began {l['began']}: {e} {l}", e)
        n_owner += 1
        n_right += l.get("pid") == e["pid"]
        if l.get("pid") != e["pid"] and l.get("owner") in ("connect", "close", "io", "table"):
            bad.add(f"owner {l.get('pid')} by {l.get('owner')}: {e} {l}", e)
        if l.get("pid") in busy:
            bad.add(f"{l} is said to be a process that has no sockets", e)
        if e["bytes"]:
            n_bytes += 1
            if (l.get("tx_bytes"), l.get("rx_bytes")) != (e["tx"], e["rx"]):
                bad.add(f"bytes {l.get('tx_bytes')} {l.get('rx_bytes')}: {e} {l}", e)
        # A retransmitted FIN keeps a socket longer than the program knows.
        if e.get("dur") and not (l.get("total_retrans") or l.get("retrans") or l.get("loss_probes")):
            n_dur += 1
            if "duration_ns" not in l:
                bad.add(f"no duration: {e} {l}", e)
                continue
            off = max(e["dur"][0] - l["duration_ns"], l["duration_ns"] - e["dur"][1], 0)
            worst = max(worst, off)
            if off > 1_000_000:
                bad.add(f"duration off by {off} ns: {e} {l}", e)
    n_sums = check_sums(tape, life, truth, bad) if sys.argv[4] == "loss" else 0
    check_resets_and_connects(tape, truth, bad)
    check_filters(tape, truth, bad)
    print(f"{len(truth)} ends; owners right {n_right} of {n_owner}; bytes of {n_bytes}; "
          f"durations of {n_dur}, worst off by {worst} ns; state sums of {n_sums}")
    if n_right < 0.99 * n_owner:
        bad.add("less than 99 % of the owners are right")
    sys.exit(bool(bad.verdict(int(os.environ["UNDELIVERED"]))))


if sys.argv[1] == "load":
    load(sys.argv[2])
else:
    check(sys.argv[2], sys.argv[3], json.loads(os.environ.get("BUSY", "[]")))
