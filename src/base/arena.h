/* SPDX-License-Identifier: MIT */
/*
 * arena: memory that is freed all at once. {0} is a valid empty one.
 */
#pragma once

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;
	size_t bytes; /* handed out so far */
};

void arena_done(struct arena *a);
/* Zeroed, aligned to 16; NULL when out of memory. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_copy(struct arena *a, const void *data, size_t size);
char *arena_str(struct arena *a, const char *s);
