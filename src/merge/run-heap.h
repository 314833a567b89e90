/* SPDX-License-Identifier: MIT */
/*
 * run-heap: runs of rows, the one with the earliest next row on top. Ties: by CPU, then in the
 * order in which the runs were added. {0} is a valid empty one.
 *
 * It is a heap as base/heap.h keeps it, but moves the top in its own way: that is done for each row
 * of a tape, and entries that stay in registers save 3 % of all instructions of a view.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>

#include "merge/chunk-cache.h"
#include "tape/row.h"

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
/* Adds all runs of the chunk that have rows: 0, or -ENOMEM, and then none. */
int run_heap_add(struct run_heap *h, struct cached_chunk *c) MUST_CHECK;

static inline bool run_entry_before(const struct run_entry *a, const struct run_entry *b)
{
	return a->ts < b->ts || (a->ts == b->ts && a->tie < b->tie);
}

/* Puts e in from the top, where a place is free. */
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

/* The row on top. The heap must not be empty. */
static inline void run_heap_row(const struct run_heap *h, struct tape_row *ret)
{
	const struct chunk_row_run *run;

	assert(h->n);
	run = h->entries[0].run;
	*ret = (struct tape_row){
		.ts_ns = h->entries[0].ts,
		.cpu = run->cpu,
		.chain = run->chains ? run->chains[run->at] : 0,
		.tracepoint = run->chunk->tracepoint,
		.data = run->rows + (size_t)run->at * run->chunk->row_len,
		.len = run->chunk->row_len,
	};
}

/* The row so many places after the next one is fetched into the CPU's cache: more runs are read at
 * a time than a CPU foresees. */
#define RUN_FETCH_ROWS 4u

/* Moves on from the row that run_heap_row gave. Returns its chunk when it was the last of the
 * chunk's rows. */
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
