#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No object of a room has anything writable: no symbol in .data or .bss, of thread-local data
neither. (.data.rel.ro holds constant tables of pointers.) The sanitizers add data of their own, so
each source is compiled again here without them."""
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from hygiene import Findings, compiler, run_each, sources  # noqa: E402

FLAGS = ("-DTCPTAPE_VERSION=\"\"", "-O0", "-w", "-pipe", "-fPIE", "-c")
WRITABLE = re.compile(r"(\.data|\.bss|\.tdata|\.tbss|\*COM\*)(?!\.rel\.ro)")


def writable(objects):
    """(object, section, symbol) of what could be written to."""
    table = subprocess.run(["objdump", "-t", *objects], stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, check=True).stdout
    name = None
    for line in table.splitlines():
        header = re.match(r"(.*):\s+file format ", line)
        if header:
            name = header[1]
        # Value, seven letters of flags (O: an object, which thread-local ones lack; d: the section
        # itself), section, size, name.
        found = re.match(r"[0-9a-f]+ (.{7}) (\S+)\s+[0-9a-f]+ (?:\.hidden )?(\S+)$", line)
        if not found or not WRITABLE.match(found[2]):
            continue
        if "O" in found[1] or found[2].startswith(".t") and "d" not in found[1]:
            yield name, found[2], found[3]


def main():
    findings = Findings()
    with tempfile.TemporaryDirectory() as work:
        objects = {str(pathlib.Path(work, "-".join(path.parts) + ".o")): path
                   for path in sources("src") if path.suffix == ".c"}
        commands = [compiler(*FLAGS, str(path), "-o", name) for name, path in objects.items()]
        for command, done in run_each(commands):
            if done.returncode:
                findings.bad(f"{objects.pop(command[-1])}: does not compile:\n{done.stdout}")
        for name, section, symbol in writable(objects):
            findings.bad(f"{objects[name]}: writable: {section} {symbol}")
    findings.verdict()


main()
