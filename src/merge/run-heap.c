// SPDX-License-Identifier: MIT
#include "merge/run-heap.h"

#include <errno.h>
#include <stdlib.h>

void run_heap_done(struct run_heap *h)
{
	free(h->entries);
	*h = (struct run_heap){0};
}

static int reserve(struct run_heap *h, size_t more)
{
	size_t cap = h->cap ? h->cap : 64;
	struct run_entry *bigger;

	if (h->n + more <= h->cap)
		return 0;
	while (cap < h->n + more)
		cap *= 2;
	bigger = realloc(h->entries, cap * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	h->entries = bigger;
	h->cap = cap;
	return 0;
}

static void add(struct run_heap *h, struct chunk_row_run *run)
{
	struct run_entry e = {
		.ts = run->times[run->at],
		.tie = (uint64_t)run->cpu << 48 | (h->n_added++ & 0xffffffffffffULL),
		.run = run,
	};
	size_t i = h->n++;

	for (; i && run_entry_before(&e, &h->entries[(i - 1) / 2]); i = (i - 1) / 2)
		h->entries[i] = h->entries[(i - 1) / 2];
	h->entries[i] = e;
}

int run_heap_add(struct run_heap *h, struct cached_chunk *c)
{
	int r = reserve(h, c->n_runs);

	for (uint32_t i = 0; !r && i < c->n_runs; i++) {
		if (c->runs[i].at < c->runs[i].n)
			add(h, &c->runs[i]);
	}
	return r;
}
