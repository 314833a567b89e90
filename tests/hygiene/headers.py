#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every header compiles alone, and is included once; a public one needs nothing of ours."""
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
from hygiene import Findings, compiler, includes, run_each, sources  # noqa: E402

FLAGS = ("-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-fsyntax-only")


def main():
    findings = Findings()
    headers = [path for path in sources("src", "include") if path.suffix == ".h"]
    with tempfile.TemporaryDirectory() as work:
        # One source for each, and as many runs of the compiler as there are CPUs.
        alone = []
        for header in headers:
            if not any(line.startswith("#pragma once") for line in header.read_text().splitlines()):
                findings.bad(f"{header}: no #pragma once")
            source = pathlib.Path(work, "-".join(header.parts) + ".c")
            source.write_text(f'#include "{"/".join(header.parts[1:])}"\n')
            alone.append(str(source))
        n = os.cpu_count()
        parts = [alone[i::n] for i in range(n) if alone[i::n]]
        for part, done in run_each([compiler(*FLAGS, *part) for part in parts]):
            if done.returncode:
                findings.bad(f"headers that do not compile alone:\n{done.stdout}")
    for header in headers:
        for number, own, _ in includes(header):
            if own and header.parts[0] == "include":
                findings.bad(f'{header}:{number}: a public header includes "{own}"')
    findings.verdict()


main()
