# SPDX-License-Identifier: MIT
"""A CHUNK: columns of bytes, turned back into rows (FORMAT.md, 6)."""

import struct
from typing import NamedTuple

from problem import Malformed
from records import CPU_MAX, TRACEPOINT_MAX, Payload
from section import LEN_MAX

ROW_LEN_MAX = 4096
ROWS_MAX = 1 << 20
CONSTANT, SELF, VALUE = 0x8000, 0x4000, 0x3fff


class Row(NamedTuple):
    ts_ns: int
    cpu: int
    chain: int
    tracepoint: int
    data: bytes


def chunk_runs(section, payload):
    """The rows of a CHUNK, as one list of Row for each of its runs."""
    p, n = Payload(payload), section.count
    row_len, flags, time_len, n_runs = p.take("HBBI")
    if section.subject >= TRACEPOINT_MAX or not 1 <= n <= ROWS_MAX:
        raise Malformed("tracepoint or number of rows")
    if row_len > ROW_LEN_MAX or row_len * n > LEN_MAX or flags > 1 or not 1 <= time_len <= 8:
        raise Malformed("the head of a CHUNK is wrong")
    runs = list(struct.iter_unpack("<IIQ", p.bytes(n_runs * 16)))
    if any(cpu >= CPU_MAX or rows == 0 for cpu, rows, _ in runs) or sum(r[1] for r in runs) != n:
        raise Malformed("runs")
    deltas = _numbers(p.bytes(time_len * n), time_len, n)
    chains = _numbers(p.bytes(4 * n), 4, n) if flags else [0] * n
    columns = _columns(p, p.take(f"{row_len}H"), n)
    if p.more():
        raise Malformed("the CHUNK is longer than its head says")
    data = bytearray(row_len * n)
    for k, column in enumerate(columns):
        data[k::row_len] = column
    rows, i = [], 0
    for cpu, length, time in runs:
        rows.append([])
        for nth in range(length):
            if nth:
                time = (time + deltas[i]) & 0xffffffffffffffff
            rows[-1].append(Row(time, cpu, chains[i], section.subject,
                                bytes(data[i * row_len:(i + 1) * row_len])))
            i += 1
    return rows


def _numbers(columns, size, n):
    """n numbers that are stored as `size` columns, the lowest byte first."""
    wide = bytearray(8 * n)
    for b in range(size):
        wide[b::8] = columns[b * n:(b + 1) * n]
    return struct.unpack(f"<{n}Q", wide)


def _columns(p, codes, n):
    """The columns of the rows, as their codes say."""
    for k, code in enumerate(codes):
        _check_code(codes, k, code)
    stored = [p.bytes(1) * n if code & CONSTANT else p.bytes(n) for code in codes]
    columns = [_undo_self(column, code & VALUE) if code & SELF else column
               for column, code in zip(stored, codes)]
    return [_add(columns[(code & VALUE) - 1], column) if _names_other(code) else column
            for column, code in zip(columns, codes)]


def _names_other(code):
    return not code & SELF and code & VALUE != 0


def _check_code(codes, k, code):
    if code & SELF:
        if code & CONSTANT or not 1 <= code & VALUE <= 255:
            raise Malformed("a self-difference is wrong")
    elif code & VALUE:
        j = (code & VALUE) - 1
        if j == k or j >= len(codes) or codes[j] & CONSTANT or _names_other(codes[j]):
            raise Malformed("a code names a column that it must not")


def _undo_self(stored, lag):
    column = bytearray(stored)
    for i in range(lag, len(column)):
        column[i] = (column[i] + column[i - lag]) & 255
    return column


def _add(one, other):
    return bytes([(a + b) & 255 for a, b in zip(one, other)])
