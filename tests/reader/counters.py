# SPDX-License-Identifier: MIT
"""The body of a record of COUNTERS: FORMAT.md, chapter 5, kind 16."""

from problem import Malformed

NAMES, ALL, CHANGES = range(3)
COUNTER_MAX = 65536
NAME_MAX = 127


def leb128(data, at):
    """A number of at most 64 bits, and where the next one begins."""
    value, shift = 0, 0
    while True:
        if at == len(data):
            raise Malformed("a number is cut")
        value |= (data[at] & 0x7f) << shift
        if not data[at] & 0x80:
            break
        at, shift = at + 1, shift + 7
        if shift > 63:
            raise Malformed("a number is too long")
    if value >= 1 << 64:
        raise Malformed("a number of more than 64 bits")
    return value, at + 1


def names(body, first):
    """Pairs of a number and a name."""
    if body and body[-1:] != b"\0":
        raise Malformed("a name is cut")
    found = list(enumerate(body.split(b"\0")[:-1], first))
    for number, name in found:
        if number >= COUNTER_MAX or not 1 <= len(name) <= NAME_MAX:
            raise Malformed("a name is above a limit")
    return found


def values(body):
    """Pairs of a number and a value or a difference."""
    at, number, found = 0, -1, []
    while at < len(body):
        gap, at = leb128(body, at)
        zigzag, at = leb128(body, at)
        number += gap + 1
        if number >= COUNTER_MAX:
            raise Malformed("a counter above the limit")
        found.append((number, zigzag >> 1 ^ -(zigzag & 1)))
    return found
