# SPDX-License-Identifier: MIT
"""python3 tests/reader rows|verdict TAPE: reads a tape, by FORMAT.md alone. TAPE may be `-`."""

import json
import sys
from pathlib import Path

from rows import write_rows
from verdict import verdict


def main():
    what, path = sys.argv[1:]
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    if what == "rows":
        write_rows(data, sys.stdout.write)
    else:
        print(json.dumps(verdict(data), indent=1))


main()
