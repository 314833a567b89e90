/* SPDX-License-Identifier: MIT */
/*
 * writer-chunk: cuts rows into pieces that fit into one CHUNK each, and makes the payload of a
 * piece. A piece is at most PIECE_BYTES_MAX long, which bounds the memory of the writer.
 */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "base/map.h"
#include "tape/chunk-rows.h"
#include "tape/codec.h"

#define PIECE_BYTES_MAX (10u << 20)
#define PIECE_ROWS_MAX	(128u << 10)

/* Memory that is reused for every piece, and the plans for the columns. {0} is a valid empty
 * scratch. */
struct chunk_scratch {
	struct buffer payload;
	struct buffer column; /* numbers, little-endian, before they are split into columns */
	struct map plans;     /* tracepoint and row length to struct column_plan * */
};

void chunk_scratch_done(struct chunk_scratch *s);

/* A piece: consecutive rows for one CHUNK. Its first and last run may be parts of the caller's
 * runs. */
struct chunk_piece {
	uint32_t tracepoint;
	uint16_t row_len;
	uint32_t n_rows;
	const uint8_t *rows;
	const uint64_t *times;
	const uint32_t *chains;
	const struct chunk_run *runs; /* the runs that have rows of the piece */
	uint32_t n_runs;
	uint32_t first_skip; /* rows of the first run that are not in the piece */
};

/* The state of cutting rows into pieces: how far it has come. */
struct chunk_cut {
	const struct chunk_rows *rows;
	uint32_t row;	  /* rows done */
	uint32_t run;	  /* runs done */
	uint32_t run_row; /* rows done of the next run */
};

struct chunk_cut chunk_cut_start(const struct chunk_rows *rows);
/* Gives the next piece. False when all rows are done. */
bool chunk_cut_next(struct chunk_cut *c, struct chunk_piece *ret);

/* Makes the payload of a piece in s->payload, *ret_len bytes, and finds its oldest and its youngest
 * time. The packer tries which coding of the columns is best. 0 or -ENOMEM. */
int chunk_piece_build(struct chunk_scratch *s, struct packer *packer,
		      const struct chunk_piece *piece, size_t *ret_len, uint64_t *ret_from,
		      uint64_t *ret_to) MUST_CHECK;
