/* SPDX-License-Identifier: MIT */
/*
 * pool: items of one size in an arena, which can be given back one by one.
 */
#pragma once

#include "base/arena.h"

/* {.size = sizeof(item)}, at least that of a pointer, is a valid empty one. */
struct pool {
	size_t size;
	void *free;
};

/* Zeroed, aligned to 8 if size is; NULL when out of memory. Always the same arena. */
void *pool_take(struct pool *p, struct arena *a);
/* NULL is nothing. */
void pool_give(struct pool *p, void *item);
