#!/bin/bash
# SPDX-License-Identifier: MIT
# Two connections have the same addresses and ports in two network namespaces at the same time. Each
# must have its own owner, bytes and namespace, whether it was opened before the recording or during
# it.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
spin
# pair NUMBER: starts a server and a client on fixed ports, which print their process ids
pair() {
	mkfifo "$work/go$1"
	unshare -n python3 - "$1" <"$work/pair.py" 3<>"$work/go$1" >"$work/pids$1" &
	pids+=($!)
}
cat >"$work/pair.py" <<'EOP'
import ctypes, os, socket, sys
n = int(sys.argv[1])
os.system("ip link set lo up")
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(("127.0.0.1", 7600))
l.listen(5)
server = os.fork()
if server == 0:
    ctypes.CDLL(None).prctl(1, 9)  # ends with its parent
    kept = []
    while True:
        s, _ = l.accept()
        data = s.recv(100000)
        s.sendall(b"z" * 100 * n)
        kept.append(s)
        if len(kept) == 2:
            for k in kept:
                k.close()
l.close()
def connect(port):
    c = socket.socket()
    c.bind(("127.0.0.1", port))
    c.connect(("127.0.0.1", 7600))
    return c
old = connect(41000)
print(os.getpid(), server, os.stat("/proc/self/ns/net").st_ino, flush=True)
os.read(3, 1)
new = connect(41001)
for c in old, new:
    c.sendall(b"y" * 10 * n)
    got = 0
    while got < 100 * n:
        got += len(c.recv(1000))
for c in old, new:
    c.recv(1)
    c.close()
os.read(3, 1)
os.kill(server, 9)
EOP
pair 1
pair 2
for n in 1 2; do
	for ((i = 0; i < 100; i++)); do [ -s "$work/pids$n" ] && break; sleep 0.1; done
done
record_start "$work/tape"
echo -n x >"$work/go1"
echo -n x >"$work/go2"
sleep 1
record_stop || bad "record exits with $?"
balanced "$work/tape" spinning
"$TCPTAPE" life --json --port 7600 "$work/tape" >"$work/life"
is "connection ends" "$(wc -l <"$work/life")" 8
for n in 1 2; do
	read -r client server netns <"$work/pids$n"
	for port in 41000 41001; do
		is "client $n at $port" "$(grep -c "\"pid\":$client,.*\"lport\":$port,.*\"netns\":$netns,.*\"tx_bytes\":$((10 * n)),\"rx_bytes\":$((100 * n))" "$work/life")" 1
		is "server $n to $port" "$(grep -c "\"pid\":$server,.*\"rport\":$port,.*\"netns\":$netns,.*\"tx_bytes\":$((100 * n)),\"rx_bytes\":$((10 * n))" "$work/life")" 1
	done
	echo -n x >"$work/go$n"
done
is "already open" "$(grep -c '"began":"before"' "$work/life")" 4
verdict
