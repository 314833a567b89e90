/* SPDX-License-Identifier: MIT */
/*
 * check: verifies every byte of a tape, and copies the undamaged sections (salvage).
 */
#pragma once

#include "tape/reader.h"
#include "tape/sink.h"

struct check_result {
	struct tape_damage damage;
	uint64_t n_sections, n_chunks, n_rows, bytes;
	uint64_t bad_chunks;   /* CHUNKs whose checksums are right and whose contents are wrong */
	uint64_t missing_rows; /* rows that the MARKs promise and the tape does not have */
	bool rows_match_tally; /* the final TALLY counts as many recorded rows as the tape has */
	bool has_final_tally;
	uint64_t n_gaps; /* times in which a CPU was online and not recorded */
};

/*
 * Reads the whole tape and expands every CHUNK. The sink `salvage` (NULL: none) receives each whole
 * section with a new sequence number, then a new INDEX and TRAILER. Fails with the errors of
 * tape_reader_next and sink_write.
 */
int tape_check(struct tape_reader *reader, struct sink *salvage, struct check_result *ret,
	       struct fault *fault) MUST_CHECK;
