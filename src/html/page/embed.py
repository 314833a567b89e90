#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""embed.py OUTPUT CHART_LIBRARY FILE...: writes styles and scripts as constants into a C file.

Our scripts are joined into one function. Each asset has its hash, so that the page can
forbid all other scripts and styles."""
import base64
import hashlib
import pathlib
import sys

output, library, *names = sys.argv[1:]
library = pathlib.Path(library)


def read(names):
    return "".join(pathlib.Path(n).read_text(encoding="utf-8") for n in names)


licence = "/*\nuPlot\n" + read([library / "LICENSE"]).strip() + "\n*/\n"
assets = {
    "html_chart_css": licence + read([library / "dist/uPlot.min.css"]),
    "html_page_css": read(n for n in names if n.endswith(".css")),
    "html_chart_js": licence + read([library / "dist/uPlot.iife.min.js"]),
    "html_page_js": '(function () {\n"use strict";\n'
    + read(n for n in names if n.endswith(".js"))
    + "})();\n",
}


def quoted(line):
    return '"' + "".join(
        chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else "\\%03o" % b for b in line) + '"'


with open(output, "w", encoding="ascii") as out:
    out.write('/* Made by embed.py. */\n#include "html/assets.h"\n')
    for name, text in assets.items():
        # The text must not contain what would end the element around it.
        low = text.lower()
        if any(s in low for s in ("</script", "<script", "<!--", "</style")):
            sys.exit(name + ": holds what would end its element")
        data = text.encode("utf-8")
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")
        out.write("\nconst struct html_asset %s = {\n\t.len = %d,\n\t.hash = \"sha256-%s\",\n\t.text =\n"
                  % (name, len(data), digest))
        for at in range(0, len(data), 96):
            out.write("\t\t" + quoted(data[at:at + 96]) + "\n")
        out.write("};\n")
