/* SPDX-License-Identifier: MIT */
/*
 * row-order: the chunks of one window after the other, as one sequence of rows in the order of
 * time. A chunk whose rows may not go yet stays until a later window lets them. {0} is a valid
 * empty one.
 */
#pragma once

#include "merge/run-heap.h"
#include "merge/window.h"

struct row_order {
	struct run_heap heap;
	size_t bytes; /* of memory in the chunks whose rows are in the heap */
};

void row_order_done(struct row_order *o, struct chunk_cache *pool);
/* Takes the chunks out of the window, and fills the batch with rows that the window lets go. An
 * error stands in the batch. */
void row_order_fill(struct row_order *o, struct merge_window *w, struct merge_batch *b);
