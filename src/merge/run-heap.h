/* SPDX-License-Identifier: MIT */
/*
 * run-heap: runs of held rows, the one with the earliest next row on top. Ties: by CPU, then in the
 * order in which the runs were added. {0} is a valid empty one.
 */
#pragma once

#include <stdbool.h>

#include "merge/chunk-cache.h"
#include "merge/merge.h"

struct run_entry {
	uint64_t ts;
	uint64_t tie; /* CPU, then place on the tape */
	struct chunk_row_run *run;
};

struct run_heap {
	struct run_entry *entries;
	size_t n, cap;
	uint64_t n_added; /* ever */
};

void run_heap_done(struct run_heap *h);
/* All runs of the chunk that have rows: 0 or -ENOMEM. */
int run_heap_add(struct run_heap *h, struct cached_chunk *c) MUST_CHECK;

static inline bool run_entry_before(const struct run_entry *a, const struct run_entry *b)
{
	return a->ts < b->ts || (a->ts == b->ts && a->tie < b->tie);
}

/* Lets e, which stands nowhere, sink from the top. */
static inline void run_heap_sink(struct run_heap *h, struct run_entry e)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n)
			child += run_entry_before(&h->entries[child + 1], &h->entries[child]);
		if (!run_entry_before(&h->entries[child], &e))
			break;
		h->entries[i] = h->entries[child];
		i = child;
	}
	h->entries[i] = e;
}

/* The row on top. The heap is not empty. */
static inline void run_heap_row(const struct run_heap *h, struct tape_row *ret)
{
	const struct chunk_row_run *run = h->entries[0].run;

	*ret = (struct tape_row){
		.ts_ns = h->entries[0].ts,
		.cpu = run->cpu,
		.chain = run->chains ? run->chains[run->at] : 0,
		.tracepoint = run->chunk->tracepoint,
		.data = run->rows + (size_t)run->at * run->chunk->row_len,
		.len = run->chunk->row_len,
	};
}

/* Rows from now on that are fetched: more runs are read at a time than a CPU foresees. */
#define RUN_FETCH_ROWS 4u

/* Moves on from the row on top. Returns its chunk when that was the last of its rows. */
static inline struct cached_chunk *run_heap_advance(struct run_heap *h)
{
	struct run_entry e = h->entries[0];
	struct chunk_row_run *run = e.run;

	if (++run->at < run->n) {
		e.ts = run->times[run->at];
		__builtin_prefetch(run->times + run->at + 2 * (size_t)RUN_FETCH_ROWS);
		__builtin_prefetch(run->rows +
				   (size_t)(run->at + RUN_FETCH_ROWS) * run->chunk->row_len);
		run_heap_sink(h, e);
		return NULL;
	}
	if (--h->n)
		run_heap_sink(h, h->entries[h->n]);
	return --run->chunk->n_live ? NULL : run->chunk;
}
