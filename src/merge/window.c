// SPDX-License-Identifier: MIT
#include "merge/window.h"

#include <stdlib.h>

#include "base/vec.h"

int merge_window_add(struct merge_window *w, struct cached_chunk *take_chunk)
{
	int r = vec_reserve(w->chunks, w->cap_chunks, w->n_chunks + 1);

	if (r < 0)
		return r;
	w->chunks[w->n_chunks++] = take_chunk;
	w->bytes += take_chunk->bytes;
	return 0;
}

void merge_window_done(struct merge_window *w, struct chunk_cache *pool)
{
	for (size_t i = 0; i < w->n_chunks; i++)
		cached_chunk_free(pool, w->chunks[i]);
	free(w->chunks);
	*w = (struct merge_window){0};
}

void merge_batch_free_spent(struct merge_batch *b, struct chunk_cache *pool)
{
	for (size_t i = 0; i < b->n_spent; i++)
		cached_chunk_free(pool, b->spent[i]);
	b->n_spent = 0;
}
