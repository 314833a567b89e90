/* SPDX-License-Identifier: MIT */
/*
 * chunk-rows: rows that are to be written.
 */
#pragma once

#include <stdint.h>

#include "format/chunk.h"

/*
 * Rows of one tracepoint and one length, in the order in which they came out of
 * the rings. The arrays belong to the caller. They have n_rows entries each, except `runs`, which
 * has n_runs; the rows of the runs must add up to n_rows.
 */
struct chunk_rows {
	uint32_t tracepoint;
	uint16_t row_len;
	uint32_t n_rows;
	const uint8_t *rows; /* row_len bytes each, one after the other */
	const uint64_t *times;
	const uint32_t *chains; /* NULL: this tracepoint has no chains */
	uint32_t n_runs;
	const struct chunk_run *runs; /* first_ts is filled in by the writer */
};
