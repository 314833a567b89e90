/* SPDX-License-Identifier: MIT */
/*
 * writer-chunk: rows to the payload of a CHUNK, and rows that are too many for one cut into
 * pieces. Bounds what the writer holds: a piece is at most PIECE_BYTES_MAX long.
 */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "base/map.h"
#include "tape/codec.h"
#include "tape/writer.h"

#define PIECE_BYTES_MAX (10u << 20)
#define PIECE_ROWS_MAX	(128u << 10)

struct chunk_scratch {
	struct buffer payload;
	struct buffer column; /* numbers, little-endian, before they are split */
	struct map plans;     /* tracepoint and row length to struct column_plan * */
};

void chunk_scratch_done(struct chunk_scratch *s);

/* Rows in sequence: the first and the last run may be parts of a run. */
struct chunk_piece {
	uint32_t tracepoint;
	uint16_t row_len;
	uint32_t n_rows;
	const uint8_t *rows;
	const uint64_t *times;
	const uint32_t *chains;
	const struct chunk_run *runs; /* that the piece touches */
	uint32_t n_runs;
	uint32_t first_skip; /* rows of the first run that are not in the piece */
};

struct chunk_cut {
	const struct chunk_rows *rows;
	uint32_t row;	  /* rows done */
	uint32_t run;	  /* runs done */
	uint32_t run_row; /* rows done of the run after these */
};

struct chunk_cut chunk_cut_start(const struct chunk_rows *rows);
/* False at the end. */
bool chunk_cut_next(struct chunk_cut *c, struct chunk_piece *ret);

/* The packer is for trying how to fold. Fills s->payload (*ret_len bytes) and the range of the times. 0 or -ENOMEM. */
int chunk_piece_build(struct chunk_scratch *s, struct packer *packer,
		      const struct chunk_piece *piece, size_t *ret_len, uint64_t *ret_from,
		      uint64_t *ret_to) MUST_CHECK;
