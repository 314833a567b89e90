// SPDX-License-Identifier: MIT
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES (64 * 1024 - 64)

struct arena_chunk {
	struct arena_chunk *next;
	size_t used;
	size_t size;
	_Alignas(16) uint8_t data[];
};

void arena_done(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *next = a->chunks->next;

		free(a->chunks);
		a->chunks = next;
	}
	*a = (struct arena){0};
}

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *chunk = malloc(sizeof(*chunk) + size);

	if (chunk) {
		chunk->next = NULL;
		chunk->used = 0;
		chunk->size = size;
	}
	return chunk;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_chunk *chunk = a->chunks;
	void *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + 15) & ~(size_t)15;
	if (!chunk || chunk->size - chunk->used < size) {
		chunk = chunk_new(size > CHUNK_BYTES ? size : CHUNK_BYTES);
		if (!chunk)
			return NULL;
		/* A chunk for a big allocation goes second, because the first may have room
		 * left. */
		if (size > CHUNK_BYTES / 4 && a->chunks) {
			chunk->next = a->chunks->next;
			a->chunks->next = chunk;
		} else {
			chunk->next = a->chunks;
			a->chunks = chunk;
		}
	}
	p = chunk->data + chunk->used;
	chunk->used += size;
	a->bytes += size;
	return memset(p, 0, size);
}

void *arena_copy(struct arena *a, const void *data, size_t size)
{
	void *p = arena_alloc(a, size);

	if (p && size)
		memcpy(p, data, size);
	return p;
}

char *arena_str(struct arena *a, const char *s)
{
	return arena_copy(a, s, strlen(s) + 1);
}
