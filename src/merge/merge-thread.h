/* SPDX-License-Identifier: MIT */
/*
 * merge-thread: puts the rows of held chunks in order in a thread of its own. It is given windows: chunks,
 * and the moment before which no other row will come; it gives back batches of rows. All calls come
 * from one thread.
 */
#pragma once

#include "merge/chunk-cache.h"
#include "merge/merge.h"

#define MERGE_BATCH_ROWS     2048u
#define MERGE_THREAD_WINDOWS 2u

struct merge_thread;

struct merge_thread_batch {
	struct tape_row rows[MERGE_BATCH_ROWS];
	size_t n_rows;
	struct cached_chunk *spent[MERGE_BATCH_ROWS]; /* whose last row is in the batch */
	size_t n_spent;
	bool ends_window;
	uint64_t limit; /* of its window */
};

/* Chunks are taken; a window may have none. */
struct merge_thread_window {
	struct cached_chunk **chunks;
	size_t n_chunks, cap_chunks;
	size_t bytes;
	uint64_t limit;	  /* rows before it are complete */
	bool is_last;	  /* so are those behind it */
	bool is_too_much; /* let rows behind the limit go until MERGE_THREAD_KEEP_BYTES are left */
};
#define MERGE_THREAD_KEEP_BYTES (48u << 20)

int merge_thread_new(struct chunk_cache *pool, struct merge_thread **ret,
		     struct fault *fault) MUST_CHECK;
/* Gives all chunks back to the pool. */
struct merge_thread *merge_thread_free(struct merge_thread *o);
DEFINE_CLEANUP(struct merge_thread, merge_thread_free);

/* Is there room for one more window? */
bool merge_thread_has_room(const struct merge_thread *o);
/* An empty window, to be filled; there must be room. */
struct merge_thread_window *merge_thread_open(struct merge_thread *o);
/* Adds a chunk to the open window: 0 or -ENOMEM. */
int merge_thread_add(struct merge_thread_window *w, struct cached_chunk *c) MUST_CHECK;
void merge_thread_give(struct merge_thread *o);
/* The next batch, waited for, good until the next call; NULL: everything given has come back.
 * -ENOMEM in *ret_err. The caller frees what is spent. */
const struct merge_thread_batch *merge_thread_next(struct merge_thread *o, int *ret_err);
