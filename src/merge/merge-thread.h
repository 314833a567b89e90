/* SPDX-License-Identifier: MIT */
/*
 * order: puts the rows of held chunks in order in a thread of its own. It is given windows: chunks,
 * and the moment before which no other row will come; it gives back batches of rows. All calls come
 * from one thread.
 */
#pragma once

#include "merge/chunk-cache.h"
#include "merge/merge.h"

#define ORDER_BATCH   2048u
#define ORDER_WINDOWS 2u

struct order;

struct order_batch {
	struct tape_row rows[ORDER_BATCH];
	size_t n_rows;
	struct held_chunk *spent[ORDER_BATCH]; /* whose last row is in the batch */
	size_t n_spent;
	bool ends_window;
	uint64_t limit; /* of its window */
};

/* Chunks are taken; a window may have none. */
struct order_window {
	struct held_chunk **chunks;
	size_t n_chunks, cap_chunks;
	size_t bytes;
	uint64_t limit;	  /* rows before it are complete */
	bool is_last;	  /* so are those behind it */
	bool is_too_much; /* let rows behind the limit go until ORDER_KEEP_BYTES are left */
};
#define ORDER_KEEP_BYTES (48u << 20)

int order_new(struct held_pool *pool, struct order **ret, struct fault *fault) MUST_CHECK;
/* Gives all chunks back to the pool. */
struct order *order_free(struct order *o);
DEFINE_CLEANUP(struct order, order_free);

/* Is there room for one more window? */
bool order_has_room(const struct order *o);
/* An empty window, to be filled; there must be room. */
struct order_window *order_open(struct order *o);
/* Adds a chunk to the open window: 0 or -ENOMEM. */
int order_add(struct order_window *w, struct held_chunk *c) MUST_CHECK;
void order_give(struct order *o);
/* The next batch, waited for, good until the next call; NULL: everything given has come back.
 * -ENOMEM in *ret_err. The caller frees what is spent. */
const struct order_batch *order_next(struct order *o, int *ret_err);
