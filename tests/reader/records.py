# SPDX-License-Identifier: MIT
"""The records in a payload: FORMAT.md, chapter 5."""

import struct

import counters
import section as kinds
from problem import Malformed

CPU_MAX = 65536
TRACEPOINT_MAX = 4096
FRAMES_MAX = 64
COMM_MAX = 63

# The fields of a record: letters of the module `struct`, and `z` for a str.
LAYOUTS = {
    kinds.HOST: "zz",
    kinds.CLOCK: "QqQQ",
    kinds.FORMAT: "IBzzz",
    kinds.ABSENT: "zzz",
    kinds.TASKS: "QBiiiz",
    kinds.SYMBOLS: "QIz",
    kinds.CHAINS: "II",                 # and as many Q as the second one says
    kinds.MARK: "QQIQ",
    kinds.LOSS: "IQQQ",
    kinds.TALLY: "IIQQQB",
    kinds.INDEX: "QHIIQQ",
    kinds.TRAILER: "QQ",
    kinds.CGROUPS: "iz",
    kinds.SLEEPS: "QQ",
    kinds.PAUSES: "QIBQ",
    kinds.COUNTERS: "BIIQII",           # and as many bytes as the last one says
    kinds.MEMBERS: "QiQz",
    kinds.SETTINGS: "QIzz",
}

# What must not be so in a record, whatever came before it.
WRONG = {
    kinds.FORMAT: lambda r: r[1] > 1,
    kinds.TASKS: lambda r: r[1] > 3 or len(r[5]) > COMM_MAX,
    kinds.CHAINS: lambda r: r[1] > FRAMES_MAX,
    kinds.LOSS: lambda r: r[0] >= CPU_MAX,
    kinds.PAUSES: lambda r: r[2] > 1,
    kinds.COUNTERS: lambda r: r[0] > counters.CHANGES,
    kinds.SETTINGS: lambda r: not r[2],
    kinds.TALLY: lambda r: r[0] >= TRACEPOINT_MAX or r[1] >= CPU_MAX,
}

EXACTLY_ONE = (kinds.FORMAT, kinds.MARK, kinds.TRAILER)


class Payload:
    """Takes records from a payload, one after the other."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def more(self):
        return self.at < len(self.data)

    def take(self, layout):
        """Numbers, by a layout of the module `struct`."""
        size = struct.calcsize("<" + layout)
        return struct.unpack("<" + layout, self.bytes(size))

    def bytes(self, size):
        if self.at + size > len(self.data):
            raise Malformed("a record is cut")
        self.at += size
        return self.data[self.at - size:self.at]

    def str(self):
        end = self.data.find(b"\0", self.at)
        return self.bytes(end + 1 - self.at if end >= 0 else len(self.data) + 1)[:-1]

    def record(self, kind):
        layout = LAYOUTS[kind]
        strings = layout.count("z")             # they stand last
        found = [*self.take(layout.rstrip("z")), *(self.str() for _ in range(strings))]
        if kind in WRONG and WRONG[kind](found):
            raise Malformed("a record is wrong")
        if kind == kinds.CHAINS:
            found.append(self.take(f"{found[1]}Q"))
        if kind == kinds.COUNTERS:
            body = self.bytes(found[5])
            found.append(counters.names(body, found[2]) if found[0] == counters.NAMES
                         else counters.values(body))
        return found


def records(kind, data):
    """All records of a payload of a known kind that is no CHUNK."""
    payload, found = Payload(data), []
    while payload.more():
        found.append(payload.record(kind))
    if kind in EXACTLY_ONE and len(found) != 1:
        raise Malformed("not one record")
    return found
