/* SPDX-License-Identifier: MIT */
/*
 * arena: memory that is allocated piece by piece and freed all at once. {0} is a valid empty arena.
 */
#pragma once

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;
	size_t bytes; /* allocated so far */
};

void arena_done(struct arena *a);
/* Zeroed memory, aligned to 16 bytes. NULL: out of memory. */
void *arena_alloc(struct arena *a, size_t size);
/* Copies of data and of a string. NULL: out of memory. */
void *arena_copy(struct arena *a, const void *data, size_t size);
char *arena_str(struct arena *a, const char *s);
