/* SPDX-License-Identifier: MIT */
/*
 * window: a part of the tape as it is merged: chunks go in, batches of rows in order come out.
 */
#pragma once

#include <stdbool.h>

#include "merge/chunk-cache.h"
#include "tape/row.h"

#define MERGE_BATCH_ROWS 2048u

/* It owns its chunks. It may have none: then the tape is complete up to a later time, no more. */
struct merge_window {
	struct cached_chunk **chunks;
	size_t n_chunks, cap_chunks;
	size_t bytes;	   /* of memory in the chunks */
	uint64_t limit;	   /* no chunk after this window has rows before it */
	bool is_last;	   /* nor rows of any other time */
	size_t keep_bytes; /* rows from the limit on wait in so much memory; the others go early */
};

/* Adds a chunk, and takes it: 0 or -ENOMEM, and then it is still the caller's. */
int merge_window_add(struct merge_window *w, struct cached_chunk *take_chunk) MUST_CHECK;
/* Gives its chunks back to the pool, and releases the rest. */
void merge_window_done(struct merge_window *w, struct chunk_cache *pool);

/* Rows in order. A row is good until its chunk is freed. */
struct merge_batch {
	struct tape_row rows[MERGE_BATCH_ROWS];
	size_t n_rows;
	struct cached_chunk *spent[MERGE_BATCH_ROWS]; /* their last row is in the batch */
	size_t n_spent;
	bool ends_window;
	uint64_t limit; /* of its window */
	int err;	/* 0, or -ENOMEM: rows are missing, and the window ends */
};

/* Gives the spent chunks back to the pool: the rows are used up. */
void merge_batch_free_spent(struct merge_batch *b, struct chunk_cache *pool);
