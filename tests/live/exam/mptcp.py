# SPDX-License-Identifier: MIT
"""Two ways between two namespaces for Multipath TCP, and a server and a client that use them."""
import socket
import struct
import time

from exam import skip
from net import Pair, receive_all, sh

IPPROTO_MPTCP = 262
SOL_MPTCP, MPTCP_INFO = 284, 1
PORT = 5001


def need_mptcp():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP).close()
        sh("ip", "mptcp", "limits", "show")
    except (OSError, RuntimeError) as error:
        skip(f"no MPTCP: {error}")


class Paths(Pair):
    """A second link beside the first one. The server announces its address there, and the client's
    kernel then adds a subflow from its own one."""

    def __enter__(self):
        super().__enter__()
        self.second = {side: f"198.19.{self.number}.{i}" for i, side in enumerate("ab", 1)}
        self.second_cidr = f"198.19.{self.number}.0/24"
        sh(*f"ip -n {self.ns['a']} link add lw type veth peer name lw netns {self.ns['b']}".split())
        for side in "ab":
            ip = ("ip", "-n", self.ns[side])
            sh(*ip, "addr", "add", self.second[side] + "/24", "dev", "lw")
            sh(*ip, "link", "set", "lw", "gso_max_segs", "1")
            sh(*ip, "link", "set", "lw", "up")
            sh(*ip, "mptcp", "limits", "set", "subflow", "2", "add_addr_accepted", "2")
        sh("ip", "-n", self.ns["b"], "mptcp", "endpoint", "add", self.second["b"], "dev", "lw", "signal")
        return self


def serve():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP)
    listener.bind(("0.0.0.0", PORT))
    listener.listen(16)
    while True:
        c = listener.accept()[0]
        while c.recv(65536):
            pass
        c.sendall(b"done")
        c.close()


def send(ip, seconds, protocol=IPPROTO_MPTCP):
    """Sends for a while, and waits for the answer; returns the bytes, and the token of ss -M."""
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    s.connect((ip, PORT))
    began, n, token = time.monotonic(), 0, 0
    while time.monotonic() - began < seconds:
        s.sendall(bytes(100_000))
        n += 100_000
        time.sleep(0.05)
    if protocol == IPPROTO_MPTCP:
        # struct mptcp_info: 6 numbers of a byte, padding, flags, token
        token = struct.unpack_from("I", s.getsockopt(SOL_MPTCP, MPTCP_INFO, 256), 12)[0]
    s.shutdown(socket.SHUT_WR)
    receive_all(s, 4)
    s.close()
    return {"bytes": n, "token": f"0x{token:x}"}
