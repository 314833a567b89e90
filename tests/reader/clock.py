# SPDX-License-Identifier: MIT
"""Wall time: FORMAT.md, chapter 7."""


class WallClock:
    """The CLOCK records of a tape."""

    def __init__(self):
        self._steps = []                # (from this time on, the offset)
        self._window = 0
        self._last = 0

    def is_behind(self, readings):
        """Whether one of these readings is earlier than the one before it."""
        times = [self._last] + [reading[0] for reading in readings]
        return any(a > b for a, b in zip(times, times[1:]))

    def add(self, readings, youngest_row):
        """The records of one section; the time of the youngest row before it, or None."""
        for mono, real, window, _ in readings:
            self._last = mono
            start, offset = mono, real - mono
            if youngest_row is not None and youngest_row >= mono:
                start = youngest_row + 1
            elif not self._steps:
                start = 0
            if not self._steps or abs(offset - self._steps[-1][1]) > window + self._window:
                self._steps.append((start, offset))
                self._window = window

    def time(self, ts_ns):
        """Nanoseconds since 1970, or None."""
        known = [offset for start, offset in self._steps if start <= ts_ns]
        return ts_ns + known[-1] if known else None
