# SPDX-License-Identifier: MIT
"""Rows in the order of time: FORMAT.md, chapter 7."""

import heapq


class Order:
    """Holds the runs of a tape until a MARK says that nothing older comes."""

    def __init__(self, show):
        self._show = show
        self._held = []                 # (time of the next row, its CPU, place, run, its index)
        self._limit = 0
        self._place = 0

    def hold(self, runs):
        for run in runs:
            run.sort(key=lambda row: row.ts_ns)         # a stable sort
            self._push(run, 0, self._place)
            self._place += 1
        self._show_until(self._limit)   # rows that come too late

    def mark(self, complete_until):
        self._limit = max(self._limit, complete_until)
        self._show_until(self._limit)

    def end(self):
        self._show_until(1 << 64)

    def _push(self, run, i, place):
        heapq.heappush(self._held, (run[i].ts_ns, run[i].cpu, place, run, i))

    def _show_until(self, limit):
        while self._held and self._held[0][0] < limit:
            _, _, place, run, i = heapq.heappop(self._held)
            if i + 1 < len(run):
                self._push(run, i + 1, place)
            self._show(run[i])
