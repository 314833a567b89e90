// SPDX-License-Identifier: MIT
#include "merge/run-heap.h"

#include <stdlib.h>

#include "base/heap.h"
#include "base/vec.h"

void run_heap_done(struct run_heap *h)
{
	free(h->entries);
	*h = (struct run_heap){0};
}

static bool run_before(const void *a, const void *b)
{
	return run_entry_before(a, b);
}

static const struct heap_kind run_kind = {.size = sizeof(struct run_entry), .before = run_before};

int run_heap_add(struct run_heap *h, struct cached_chunk *c)
{
	int r = vec_reserve(h->entries, h->cap, h->n + c->n_runs);

	for (uint32_t i = 0; !r && i < c->n_runs; i++) {
		struct chunk_row_run *run = &c->runs[i];
		struct run_entry e = {
			.tie = (uint64_t)run->cpu << 48 | (h->n_added & 0xffffffffffffULL),
			.run = run,
		};

		if (run->at >= run->n)
			continue;
		e.ts = run->times[run->at];
		h->n_added++;
		heap_push(&run_kind, h->entries, h->n++, &e);
	}
	return r;
}
