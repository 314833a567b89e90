# SPDX-License-Identifier: MIT
"""What a verifier says of a tape, in the words of the vectors' verdicts."""

from problem import Refused
from tape import Tape

REFUSED = {
    "status": 1, "whole_sections": None, "whole_rows": None, "bytes": None, "damaged_sections": 0,
    "malformed_chunks": 0, "missing_sections": 0, "missing_rows": 0, "rows_without_format": 0,
    "bytes_in_no_section": 0, "unknown_sections": 0, "first_damage_at": None, "is_cut": False,
    "has_no_end": False, "differs_from_tally": False, "replay_status": 1,
}


def verdict(data):
    try:
        tape = Tape(data, lambda tape, row: None)
    except Refused:
        return REFUSED
    c = tape.container
    seen_by_all = c.damaged_sections or c.missing_sections or c.bytes_in_no_section or \
        c.has_no_end or tape.rows_without_format
    seen_by_verifier = tape.inexact_chunks or tape.missing_rows or tape.differs_from_tally
    return {
        "status": 3 if seen_by_all or seen_by_verifier else 0,
        "whole_sections": c.whole_sections - tape.inexact_chunks,
        "whole_rows": tape.whole_rows,
        "bytes": len(data),
        "damaged_sections": c.damaged_sections,
        "malformed_chunks": c.malformed_chunks + tape.inexact_chunks,
        "missing_sections": c.missing_sections,
        "missing_rows": tape.missing_rows,
        "rows_without_format": tape.rows_without_format,
        "bytes_in_no_section": c.bytes_in_no_section,
        "unknown_sections": tape.unknown_sections,
        "first_damage_at": c.first_damage_at,
        "is_cut": c.is_cut,
        "has_no_end": c.has_no_end and not c.is_cut,
        "differs_from_tally": tape.differs_from_tally,
        "replay_status": 3 if seen_by_all else 0,
    }
