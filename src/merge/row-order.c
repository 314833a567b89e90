// SPDX-License-Identifier: MIT
#include "merge/row-order.h"

#include <errno.h>

/* Chunks that could not be taken stay the window's: 0 or -ENOMEM. */
static int row_order_take(struct row_order *o, struct merge_window *w)
{
	size_t n = 0;

	while (n < w->n_chunks && !run_heap_add(&o->heap, w->chunks[n]))
		o->bytes += w->chunks[n++]->bytes;
	w->n_chunks -= n;
	for (size_t i = 0; n && i < w->n_chunks; i++)
		w->chunks[i] = w->chunks[n + i];
	return w->n_chunks ? -ENOMEM : 0;
}

/* May the first row of the heap go? */
static inline bool row_order_may_go(const struct row_order *o, const struct merge_window *w)
{
	return o->heap.n &&
	       (o->heap.entries[0].ts < w->limit || w->is_last || o->bytes > w->keep_bytes);
}

void row_order_fill(struct row_order *o, struct merge_window *w, struct merge_batch *b)
{
	b->n_rows = b->n_spent = 0;
	b->limit = w->limit;
	b->err = row_order_take(o, w);
	while (!b->err && b->n_rows < MERGE_BATCH_ROWS && row_order_may_go(o, w)) {
		struct cached_chunk *spent;

		run_heap_row(&o->heap, &b->rows[b->n_rows++]);
		spent = run_heap_advance(&o->heap);
		if (spent) {
			o->bytes -= spent->bytes;
			b->spent[b->n_spent++] = spent;
		}
	}
	b->ends_window = b->err || !row_order_may_go(o, w);
}

void row_order_done(struct row_order *o, struct chunk_cache *pool)
{
	/* A chunk is freed with the last of its runs. */
	for (size_t i = 0; i < o->heap.n; i++) {
		struct cached_chunk *c = o->heap.entries[i].run->chunk;

		if (!--c->n_live)
			cached_chunk_free(pool, c);
	}
	run_heap_done(&o->heap);
	*o = (struct row_order){0};
}
