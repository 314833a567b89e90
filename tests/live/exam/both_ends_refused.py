# SPDX-License-Identifier: MIT
"""30 connects of this host to itself are refused: one thing, though this host sends the RSTs, too."""
from net import Tape, connect


def exam(x):
    refused = 0
    with Tape(x) as t:
        for _ in range(30):
            try:
                connect(x.loopback, 9)
            except ConnectionRefusedError:
                refused += 1
    x.is_("connects refused, by the client", refused, 30)
    x.is_("RSTs on the tape", len(t.json("resets", "--addr", x.loopback, "-a")), 60)
    report = t.report("--addr", x.loopback)
    x.first(report, "connects", "30")
    x.nothing_else(report)
