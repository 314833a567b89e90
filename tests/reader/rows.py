# SPDX-License-Identifier: MIT
"""The rows of a tape as the vectors have them, one JSON object a line."""

import json

from fields import Unreadable, format_fields
from problem import Refused
from tape import Tape


class RowWriter:
    """Called by a Tape for each row; writes its line."""

    def __init__(self, write):
        self._write = write
        self._known = {}                # by index of the tracepoint: system, name, fields

    def __call__(self, tape, row):
        order = ">" if tape.host.get(b"os_endian") == b"big" else "<"
        if row.tracepoint not in self._known:
            self._known[row.tracepoint] = known(tape.formats[row.tracepoint])
        system, name, fields = self._known[row.tracepoint]
        line = {"ts_ns": row.ts_ns, "cpu": row.cpu, "chain": row.chain,
                "tracepoint": row.tracepoint, "system": system, "name": name}
        if fields:
            line["fields"] = {field.name: field.value(row.data, order) for field in fields}
        else:
            line["row"] = row.data.hex()
        self._write(json.dumps(line, separators=(",", ":")) + "\n")


def known(record):
    """What a FORMAT says: system, name, and the fields, or None if the file cannot be read."""
    _, _, system, name, file = record
    try:
        fields = format_fields(file)
    except Unreadable:
        fields = None
    return system.decode("latin-1"), name.decode("latin-1"), fields


def write_rows(data, write):
    """All rows of a tape, as far as it can be read."""
    try:
        Tape(data, RowWriter(write))
    except Refused:
        pass
