/* SPDX-License-Identifier: MIT */
/*
 * chunk-cache: expanded chunks that wait for their turn. A chunk lives until the last of its runs
 * is used up; its memory is then kept for the next chunk. Each run is in ascending order of time.
 */
#pragma once

#include <pthread.h>

#include "base/buffer.h"
#include "base/fault.h"
#include "format/chunk.h"
#include "tape/column-set.h"
#include "tape/meta.h"

struct cached_chunk;

struct chunk_row_run {
	struct cached_chunk *chunk;
	const uint64_t *times;
	const uint32_t *chains; /* NULL: none */
	const uint8_t *rows;
	uint32_t at; /* the next row */
	uint32_t n;
	uint32_t cpu;
};

struct cached_chunk {
	struct cached_chunk *next; /* in the pool */
	const struct tape_tracepoint *tracepoint;
	size_t bytes; /* of memory */
	uint8_t *memory;
	uint16_t row_len;
	uint32_t n_runs;
	uint32_t n_live; /* runs with rows left */
	struct chunk_row_run *runs;
};

/* Any thread may take and free chunks. */
struct chunk_cache {
	pthread_mutex_t lock;
	bool has_lock;
	struct cached_chunk *spare;
	size_t spare_bytes;
	size_t held_bytes; /* of memory in chunks that were not freed; atomic */
};

int chunk_cache_init(struct chunk_cache *p, struct fault *fault) MUST_CHECK;
/* All chunks must have been freed. */
void chunk_cache_done(struct chunk_cache *p);
static inline size_t chunk_cache_bytes(const struct chunk_cache *p)
{
	return __atomic_load_n(&p->held_bytes, __ATOMIC_RELAXED);
}

/* Which rows of a chunk are wanted: those with since <= time < until. */
struct row_selection {
	const struct tape_tracepoint *tracepoint; /* borrowed */
	uint64_t since, until;
	const struct column_set
		*columns; /* borrowed; other bytes of a row are not set. NULL: all */
};
/* Expands the rows of a chunk. The scratch is the caller's, and is used again. 0 or -ENOMEM. */
int cached_chunk_new(struct chunk_cache *p, struct buffer *scratch,
		     const struct chunk_layout *layout, const struct row_selection *want,
		     struct cached_chunk **ret) MUST_CHECK;
void cached_chunk_free(struct chunk_cache *p, struct cached_chunk *c);
