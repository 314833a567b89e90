# SPDX-License-Identifier: MIT
"""Rows of the result, as a table of 80 columns and as JSON."""
import dataclasses
import itertools
import json
import os
import statistics
import typing

WIDTHS = (28, 7, 7, 6, 6, 11, 6, 2)


@dataclasses.dataclass(frozen=True)
class Bar:
    """A target for the ratio or, where there is none, for our own value."""
    sign: str  # "<=" or ">="
    value: float

    def is_reached(self, figure):
        return figure <= self.value if self.sign == "<=" else figure >= self.value

    def __str__(self):
        return f"{self.sign}{self.value:g}"


@dataclasses.dataclass(frozen=True)
class Row:
    stage: str
    name: str
    unit: str
    ours: float
    theirs: typing.Optional[float] = None
    ratio: typing.Optional[float] = None
    spread: typing.Optional[tuple] = None  # least and greatest ratio, or value of ours
    bar: typing.Optional[Bar] = None

    def reached(self):
        figure = self.ours if self.ratio is None else self.ratio
        return None if self.bar is None else self.bar.is_reached(figure)


def paired(stage, name, unit, ours, theirs, bar=None):
    """A row of two figures per round: their medians, and the median of the ratios of each pair. A
    figure of 0 or less is noise, and gives no ratio."""
    ratios = [a / b for a, b in zip(ours, theirs) if a > 0 and b > 0]
    return Row(stage, name, unit, statistics.median(ours), statistics.median(theirs),
               statistics.median(ratios) if ratios else None,
               (min(ratios), max(ratios)) if ratios else None, bar if ratios else None)


def alone(stage, name, unit, ours, bar=None):
    spread = (min(ours), max(ours)) if len(ours) > 1 else None
    return Row(stage, name, unit, statistics.median(ours), spread=spread, bar=bar)


def number(x):
    """A number with three significant digits."""
    if x is None:
        return "-"
    for limit, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(x) >= limit:
            scaled = x / (1e3 if suffix == "k" else limit)
            return f"{scaled:.{1 if scaled < 100 else 0}f}{suffix}"
    if x == int(x) or abs(x) >= 100:
        return f"{x:.0f}"
    return f"{x:.{1 if abs(x) >= 10 else 2 if abs(x) >= 0.01 else 3}f}"


def cells(row):
    reached = row.reached()
    return (f"  {row.name}", number(row.ours), number(row.theirs), row.unit,
            number(row.ratio), "..".join(map(number, row.spread)) if row.spread else "-",
            str(row.bar) if row.bar else "-",
            "-" if reached is None else "yes" if reached else "no")


def line(texts):
    left = texts[0].ljust(WIDTHS[0])
    return " ".join([left] + [t.rjust(w) for t, w in zip(texts[1:], WIDTHS[1:])]).rstrip()


def machine():
    """The machine, for people."""
    model = "unknown CPU"
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as info:
        for text in info:
            if text.startswith("model name"):
                model = text.split(":", 1)[1].strip()
                break
    others = os.getloadavg()[0]
    return f"{os.cpu_count()} CPUs ({model}), Linux {os.uname().release}, load {others:.1f}"


def missed(rows):
    """One line about the bars that are not reached."""
    names = [f"{row.stage}: {row.name}" for row in rows if row.reached() is False]
    return [f"fell short: {'; '.join(names)}"] if names else []


def as_text(rows, notes):
    lines = [f"on {machine()}",
             line(("WHAT", "TCPTAPE", "OTHER", "UNIT", "RATIO", "SPREAD", "BAR", "OK"))]
    for stage, of_stage in itertools.groupby(rows, lambda row: row.stage):
        lines += [stage] + [line(cells(row)) for row in of_stage]
    return "\n".join(lines + missed(rows) + [f"note: {text}" for text in notes])


def as_json(rows, bench, is_quick):
    whole = {"quick": is_quick, "rounds": bench.rounds, "kernel": os.uname().release,
             "cpus": os.cpu_count(), "machine": machine(), "notes": bench.notes,
             "rows": [dict(dataclasses.asdict(r), reached=r.reached()) for r in rows]}
    return json.dumps(whole, indent=1) + "\n"
