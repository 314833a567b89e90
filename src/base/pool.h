/* SPDX-License-Identifier: MIT */
/*
 * pool: items of one size in an arena, which are allocated and freed one by one.
 */
#pragma once

#include "base/arena.h"

/* {.size = sizeof(item)} is a valid empty pool. */
struct pool {
	size_t size; /* of an item; not less than that of a pointer */
	void *free;  /* first free item of a list; NULL: none */
};

/* Takes an item: zeroed, and aligned to 8 bytes if size is a multiple of 8. All calls must have the
 * same arena. NULL: out of memory. */
void *pool_take(struct pool *p, struct arena *a);
/* Frees an item, for a later pool_take(). Ignores NULL. */
void pool_give(struct pool *p, void *item);
