/* SPDX-License-Identifier: MIT */
/*
 * check: verifies every byte of a tape, and copies what is whole.
 */
#pragma once

#include "tape/reader.h"
#include "tape/sink.h"

struct check_result {
	struct tape_damage damage;
	uint64_t n_sections, n_chunks, n_rows, bytes;
	uint64_t bad_chunks;   /* sums right, inside wrong: written by a faulty recorder */
	uint64_t missing_rows; /* rows that the MARKs promise beyond those that are there */
	bool rows_match_tally; /* the final tally's `recorded` equals the rows that are there */
	bool has_final_tally;
};

/*
 * Reads everything, expands every chunk. salvage (may be NULL) receives each whole section again,
 * renumbered, with a new index and trailer. -errno as tape_reader_next and sink_write.
 */
int tape_check(struct tape_reader *r, struct sink *salvage, struct check_result *ret,
	       struct fault *fault) MUST_CHECK;
