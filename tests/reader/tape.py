# SPDX-License-Identifier: MIT
"""A tape: what its sections say together."""

from collections import Counter

import section as kinds
from chunk import chunk_runs
from clock import WallClock
from container import Container
from counters import NAMES
from order import Order
from problem import Malformed
from records import TRACEPOINT_MAX, records


class Tape:
    """Reads a tape whole. show(tape, row) is called for each row in order, if it can be read."""

    def __init__(self, data, show):
        self.container = Container(data)
        self.host = {}
        self.formats = {}
        self.clock = WallClock()
        self.counter_names = {}
        self.unknown_sections = 0
        self.whole_rows = 0
        self.missing_rows = 0
        self.rows_without_format = 0
        self.inexact_chunks = 0
        self._show = show
        self._order = Order(lambda row: self._show(self, row))
        self._rows = Counter()          # by tracepoint
        self._tally = []
        self._rows_in_block = 0
        self._youngest = None
        self._last_sleep = 0
        self.container.read(self._take)
        self._order.end()

    @property
    def differs_from_tally(self):
        if not self._tally or not all(flags & 2 for *_, flags in self._tally):
            return False
        recorded = Counter()
        for tracepoint, _, _, n, _, _ in self._tally:
            recorded[tracepoint] += n
        return bool(self.container.malformed_chunks or self.inexact_chunks) or \
            any(recorded[index] != self._rows[index] for index in self.formats)

    def _take(self, section, payload):
        if section.kind == kinds.CHUNK:
            self._take_chunk(section, payload)
        elif section.is_known():
            found = records(section.kind, payload)
            taker = TAKERS.get(section.kind)
            if taker:
                taker(self, section, found)
        else:
            self.unknown_sections += 1

    def _take_host(self, _, found):
        self.host.update(found)

    def _take_format(self, section, found):
        if section.subject >= TRACEPOINT_MAX:
            raise Malformed("an index above the limit")
        if self.formats.setdefault(section.subject, found[0]) != found[0]:
            raise Malformed("the index has another meaning")

    def _take_clock(self, _, found):
        if self.clock.is_behind(found):
            raise Malformed("a CLOCK goes back")
        self.clock.add(found, self._youngest)

    def _take_sleeps(self, _, found):
        times = [self._last_sleep] + [record[0] for record in found]
        if times != sorted(times):
            raise Malformed("a SLEEPS goes back")
        self._last_sleep = times[-1]

    def _take_counters(self, _, found):
        for what, *_, body in found:
            for number, name in body if what == NAMES else ():
                if self.counter_names.setdefault(number, name) != name:
                    raise Malformed("the number of a counter has another meaning")

    def _take_tally(self, _, found):
        self._tally = found

    def _take_mark(self, _, found):
        complete_until, _, _, n_rows = found[0]
        self.missing_rows += max(0, n_rows - self._rows_in_block)
        self._rows_in_block = 0
        self._order.mark(complete_until)

    def _take_chunk(self, section, payload):
        runs = chunk_runs(section, payload)
        times = [row.ts_ns for run in runs for row in run]
        self._youngest = max([*times, self._youngest or 0])
        if (section.time_from, section.time_to) == (min(times), max(times)):
            self._rows_in_block += section.count
            self.whole_rows += section.count
        else:
            self.inexact_chunks += 1
        if section.subject in self.formats:
            self._rows[section.subject] += section.count
            self._order.hold(runs)
        else:
            self.rows_without_format += section.count


TAKERS = {
    kinds.HOST: Tape._take_host,
    kinds.FORMAT: Tape._take_format,
    kinds.CLOCK: Tape._take_clock,
    kinds.SLEEPS: Tape._take_sleeps,
    kinds.COUNTERS: Tape._take_counters,
    kinds.TALLY: Tape._take_tally,
    kinds.MARK: Tape._take_mark,
}
