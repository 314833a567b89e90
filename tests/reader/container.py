# SPDX-License-Identifier: MIT
"""The container: the whole sections of a tape, and a count of everything else (FORMAT.md, 3)."""

from problem import Damage, Malformed, Refused
from section import CHUNK, HEADER, MAGIC, TRAILER, whole_header

BEFORE_FIRST_MAX = 64 << 20


class Container:
    """Counts while `read` walks through the sections."""

    def __init__(self, data):
        self.data = data
        self.whole_sections = 0
        self.damaged_sections = 0
        self.malformed_chunks = 0
        self.missing_sections = 0
        self.bytes_in_no_section = 0
        self.first_damage_at = None
        self.is_cut = False
        self.has_no_end = True
        self._next_sequence = 0
        self._is_dirty = False          # something was damaged since the last whole section
        self._is_short = False          # the header before says more than there is
        self._is_tape = False           # a section with the right sums was there

    def read(self, take):
        """Calls take(section, payload) for each section; it raises Damage where one is wrong."""
        at = end = 0                    # end: of the whole section before
        while at < len(self.data) and self.has_no_end:
            header = whole_header(self.data, at)
            if header and self._is_whole(header, at, take):
                self.bytes_in_no_section += at - end
                self.whole_sections += 1
                self.has_no_end = header.kind != TRAILER
                at = end = at + HEADER.size + header.stored_len
                continue
            if not header:
                self._damage(at)
            at = self.data.find(MAGIC, at + (HEADER.size if header else 1))
            at = at if at >= 0 else len(self.data)
            if not self._is_tape and at > BEFORE_FIRST_MAX:
                raise Refused("not a tape")
        if not self._is_tape:
            raise Refused("not a tape")
        if end < len(self.data):
            self._damage(end)
            self.bytes_in_no_section += len(self.data) - end
        self.is_cut = self._is_short or (self.has_no_end and self._ends_in_a_header(end))

    def _is_whole(self, header, at, take):
        self._check_sequence(header, at)
        stored = self.data[at + HEADER.size:at + HEADER.size + header.stored_len]
        self.damaged_sections += self._is_short         # a header follows: it was not the last
        self._is_short = len(stored) < header.stored_len
        try:
            if self._is_short:
                self._damage(at)
                return False
            take(header, header.payload(stored))
        except Damage as damage:
            self._damage(at)
            self.damaged_sections += 1
            self._is_tape |= isinstance(damage, Malformed)
            self.malformed_chunks += isinstance(damage, Malformed) and header.kind == CHUNK
            return False
        self._is_tape = True
        self._is_dirty = False
        return True

    def _damage(self, at):
        self._is_dirty = True
        if self.first_damage_at is None:
            self.first_damage_at = at

    def _check_sequence(self, header, at):
        gap = (header.sequence - self._next_sequence) & 0xffffffff
        self._next_sequence = header.sequence + 1
        if gap and not self._is_dirty:
            self.missing_sections += gap if gap < 1 << 31 else 1
            if self.first_damage_at is None:
                self.first_damage_at = at

    def _ends_in_a_header(self, end):
        """Whether the last bytes are the beginning of a header: a cut one has no whole magic."""
        tail = self.data[max(end, len(self.data) - HEADER.size + 1):]
        return any(tail[i:i + len(MAGIC)] == MAGIC[:len(tail) - i] for i in range(len(tail)))
