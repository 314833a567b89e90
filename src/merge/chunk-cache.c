// SPDX-License-Identifier: MIT
#include "merge/chunk-cache.h"

#include <errno.h>
#include <stdlib.h>

#include "tape/chunk-times.h"
#include "tape/columns.h"
#include "tape/column-coding.h"

#define SPARE_BYTES_MAX (16u << 20)

static void chunk_destroy(struct cached_chunk *c)
{
	free(c->memory);
	free(c);
}

int chunk_cache_init(struct chunk_cache *p, struct fault *fault)
{
	int r;

	*p = (struct chunk_cache){0};
	r = pthread_mutex_init(&p->lock, NULL);
	if (r)
		return fault_errno(fault, -r, "making a lock");
	p->has_lock = true;
	return 0;
}

void chunk_cache_done(struct chunk_cache *p)
{
	while (p->spare) {
		struct cached_chunk *next = p->spare->next;

		chunk_destroy(p->spare);
		p->spare = next;
	}
	if (p->has_lock)
		pthread_mutex_destroy(&p->lock);
	*p = (struct chunk_cache){0};
}

/* A spare chunk that is large enough, and not more than twice as large. */
static struct cached_chunk *spare_take(struct chunk_cache *p, size_t bytes)
{
	for (struct cached_chunk **at = &p->spare; *at; at = &(*at)->next) {
		struct cached_chunk *c = *at;

		if (c->bytes >= bytes && c->bytes / 2 <= bytes) {
			*at = c->next;
			p->spare_bytes -= c->bytes;
			return c;
		}
	}
	return NULL;
}

static struct cached_chunk *chunk_take(struct chunk_cache *p, size_t bytes)
{
	struct cached_chunk *c;

	pthread_mutex_lock(&p->lock);
	c = spare_take(p, bytes);
	pthread_mutex_unlock(&p->lock);
	if (!c) {
		c = calloc(1, sizeof(*c));
		if (!c)
			return NULL;
		c->bytes = bytes + bytes / 4;
		c->memory = malloc(c->bytes);
		if (!c->memory) {
			free(c);
			return NULL;
		}
	}
	__atomic_fetch_add(&p->held_bytes, c->bytes, __ATOMIC_RELAXED);
	return c;
}

void cached_chunk_free(struct chunk_cache *p, struct cached_chunk *c)
{
	bool is_kept;

	__atomic_fetch_sub(&p->held_bytes, c->bytes, __ATOMIC_RELAXED);
	pthread_mutex_lock(&p->lock);
	is_kept = p->spare_bytes + c->bytes <= SPARE_BYTES_MAX;
	if (is_kept) {
		p->spare_bytes += c->bytes;
		c->next = p->spare;
		p->spare = c;
	}
	pthread_mutex_unlock(&p->lock);
	if (!is_kept)
		chunk_destroy(c);
}

struct sort_key {
	uint64_t ts;
	uint32_t row;
};

static int sort_key_compare(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* The record of an interrupt may stand in the ring before that of the event it interrupted, but has
 * a later time. Such runs are rare, and nearly in order. */
static int run_sort(uint64_t *times, uint32_t *chains, uint8_t *rows, size_t row_len, uint32_t n)
{
	struct sort_key *keys CLEANUP(free_p) = malloc(n * sizeof(*keys));
	uint8_t *old_rows CLEANUP(free_p) = malloc((size_t)n * row_len + 1);
	uint32_t *old_chains CLEANUP(free_p) = malloc((size_t)n * sizeof(*old_chains));

	if (!keys || !old_rows || !old_chains)
		return -ENOMEM;
	memcpy(old_rows, rows, (size_t)n * row_len);
	if (chains)
		memcpy(old_chains, chains, (size_t)n * sizeof(*chains));
	for (uint32_t i = 0; i < n; i++)
		keys[i] = (struct sort_key){.ts = times[i], .row = i};
	qsort(keys, n, sizeof(*keys), sort_key_compare);
	for (uint32_t i = 0; i < n; i++) {
		times[i] = keys[i].ts;
		memcpy(rows + i * row_len, old_rows + keys[i].row * row_len, row_len);
		if (chains)
			chains[i] = old_chains[keys[i].row];
	}
	return 0;
}

static bool is_ascending(const uint64_t *times, uint32_t n)
{
	uint64_t backwards = 0;

	for (uint32_t i = 1; i < n; i++)
		backwards |= times[i] < times[i - 1];
	return !backwards;
}

/* Rows before ts. */
static uint32_t rows_before(const uint64_t *times, uint32_t n, uint64_t ts)
{
	uint32_t low = 0;

	while (low < n) {
		uint32_t middle = low + (n - low) / 2;

		if (times[middle] < ts)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* The columns of a chunk, expanded. */
struct arrays {
	uint64_t *times;
	uint32_t *chains;
	uint8_t *rows;
};

static int runs_make(struct cached_chunk *c, const struct chunk_layout *layout,
		     const struct arrays *a, const struct row_selection *want)
{
	uint32_t row = 0;

	for (uint32_t i = 0; i < layout->n_runs; i++) {
		struct chunk_run run = chunk_run_decode(layout, i);
		uint32_t *chains = a->chains ? a->chains + row : NULL;
		uint8_t *rows = a->rows + (size_t)row * c->row_len;
		struct chunk_row_run *held = &c->runs[i];

		if (!is_ascending(a->times + row, run.n_rows) &&
		    run_sort(a->times + row, chains, rows, c->row_len, run.n_rows) < 0)
			return -ENOMEM;
		*held = (struct chunk_row_run){
			.chunk = c,
			.times = a->times + row,
			.chains = chains,
			.rows = rows,
			.at = rows_before(a->times + row, run.n_rows, want->since),
			.n = run.n_rows,
			.cpu = run.cpu,
		};
		if (want->until != UINT64_MAX)
			held->n = rows_before(a->times + row, run.n_rows, want->until);
		c->n_live += held->at < held->n;
		row += run.n_rows;
	}
	return 0;
}

int cached_chunk_new(struct chunk_cache *p, struct buffer *scratch,
		     const struct chunk_layout *layout, const struct row_selection *want,
		     struct cached_chunk **ret)
{
	size_t n = layout->n_rows, chains = layout->chains ? n * 4 : 0;
	size_t bytes = layout->n_runs * sizeof(struct chunk_row_run) + n * 8 + chains +
		       n * layout->row_len;
	struct arrays a = {0};
	struct cached_chunk *c;
	int r;

	buffer_clear(scratch);
	if (buffer_reserve(scratch, n * layout->row_len) < 0)
		return -ENOMEM;
	c = chunk_take(p, bytes);
	if (!c)
		return -ENOMEM;
	c->tracepoint = want->tracepoint;
	c->row_len = layout->row_len;
	c->n_runs = layout->n_runs;
	c->n_live = 0;
	/* In descending order of alignment. */
	c->runs = (struct chunk_row_run *)c->memory;
	a.times = (uint64_t *)(c->runs + layout->n_runs);
	a.rows = (uint8_t *)(a.times + n) + chains;
	chunk_times(layout, a.times);
	if (layout->chains) {
		a.chains = (uint32_t *)(a.times + n);
		columns_join(layout->chains, n, 4, (uint8_t *)a.chains, 4);
		for (size_t i = 0; i < n; i++)
			a.chains[i] = le32_get(&a.chains[i]);
	}
	columns_decode(layout, want->columns, scratch->data);
	columns_gather(scratch->data, n, c->row_len, want->columns, a.rows, c->row_len);
	r = runs_make(c, layout, &a, want);
	if (r < 0) {
		cached_chunk_free(p, c);
		return r;
	}
	*ret = c;
	return 0;
}
