# SPDX-License-Identifier: MIT
"""A section: FORMAT.md, chapters 2 and 3."""

import struct
from typing import NamedTuple

from libraries import expand, xxh64
from problem import Damage, Refused

MAGIC = b"\x89TCPT\r\n\x1a"
HEADER = struct.Struct("<8sHBBIIIIIQQQQ")
LEN_MAX = 32 << 20

HOST, CLOCK, FORMAT, ABSENT, TASKS, SYMBOLS, CHAINS, CHUNK, MARK, LOSS, TALLY, INDEX, TRAILER, \
    CGROUPS, SLEEPS, PAUSES, COUNTERS, MEMBERS, SETTINGS = range(1, 20)


class Section(NamedTuple):
    magic: bytes
    kind: int
    version: int
    codec: int
    sequence: int
    subject: int
    count: int
    stored_len: int
    raw_len: int
    time_from: int
    time_to: int
    payload_sum: int
    header_sum: int

    def is_known(self):
        return HOST <= self.kind <= SETTINGS

    def payload(self, stored):
        """The expanded payload, once its sum and its frame are right."""
        if xxh64(stored) != self.payload_sum:
            raise Damage("wrong payload_sum")
        return expand(stored, self.raw_len) if self.codec and self.is_known() else stored


def whole_header(data, at):
    """The header at `at` of a tape, or None where no whole one stands."""
    head = data[at:at + HEADER.size]
    if len(head) < HEADER.size or not head.startswith(MAGIC):
        return None
    section = Section(*HEADER.unpack(head))
    if xxh64(head[:-8]) != section.header_sum:
        return None
    if section.version != 1:
        raise Refused(f"version {section.version}")
    if section.codec > 1 or section.stored_len > LEN_MAX or section.raw_len > LEN_MAX:
        return None
    if section.codec == 0 and section.raw_len != section.stored_len:
        return None
    return section
