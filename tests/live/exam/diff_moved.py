# SPDX-License-Identifier: MIT
"""Healthy: two tapes of the same load, whose server got another port, differ in nothing."""
import json
import os

from net import TCPTAPE, Pair, Tape, connect, listen, receive_all, rst_close, sh


def exam(x):
    ports, tapes = [], []
    for name in "before", "after":
        with Pair(x) as p, Tape(x, name=name) as t:
            ports.append(load(p, 300, 300))
            tapes.append(t)
    x.holds(f"the ports differ: {ports}", ports[0] != ports[1])
    diff = compare(tapes, p.cidr)
    x.is_("findings", [f["title"] for f in diff["findings"] if f["id"] != "connections"], [])
    x.is_("level", diff["level"], "good")
    x.is_("changes of ports", diff["port"], [])
    x.is_("changes of destinations", diff["destination"], [])


def compare(tapes, cidr):
    diff = json.loads(sh(TCPTAPE, "diff", "--json", "--addr", cidr, *(t.path for t in tapes)))
    print(diff["verdict"])
    for f in diff["findings"]:
        print(f"  {f['id']} ({f['level']}): {f['title']}")
    return diff


def load(p, n, n_bad):
    """n connections to a server that takes any free port, of which n_bad are cut by their client.

    Both ends are on this host. Returns the port."""
    told, tell = os.pipe()
    p.run("b", serve_any_port, p.ip["b"], tell, comm="moving")
    port = int(os.read(told, 100))
    os.close(told)
    os.close(tell)
    p.wait(p.run("a", call, p.ip["b"], port, n, n_bad, comm="caller"))
    return port


def serve_any_port(ip, tell):
    # The port that the kernel chooses is one of those that it gives to clients.
    listener = listen(ip, 0)
    os.write(tell, str(listener.getsockname()[1]).encode())
    while True:
        c, _ = listener.accept()
        try:
            while c.recv(100):
                c.sendall(b"y")
        except ConnectionResetError:
            pass
        c.close()


def call(ip, port, n, n_bad):
    for i in range(n):
        c = connect(ip, port)
        c.sendall(b"x")
        receive_all(c, 1)
        if i < n_bad:
            rst_close(c)
        else:
            c.close()
