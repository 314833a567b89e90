/* SPDX-License-Identifier: MIT */
/*
 * groups: items that are found by a key of plain bytes, and made when they are not there yet. An
 * item begins with its key; padding in keys must be zero. Items never move.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"

/* {.key_size = ..., .item_size = ...} is a valid empty one. */
struct groups {
	size_t key_size;
	size_t item_size; /* the key included */
	struct arena arena;
	struct map by_hash; /* to a chain */
	struct group_link *last;
	size_t n;
};

void groups_done(struct groups *g);
/* The item with this key, zero behind the key when it is new. NULL: out of memory. */
void *groups_get(struct groups *g, const void *key);
/* The item with this key, or NULL. */
void *groups_find(const struct groups *g, const void *key);
/* All items, sorted as qsort does (compare gets pointers to pointers to items); the caller frees
 * the array. NULL: out of memory. */
void **groups_sorted(const struct groups *g, int (*compare)(const void *, const void *));

/* Goes over all items, the newest first. */
struct group_walk {
	const struct group_link *at;
	bool has_begun;
};

/* NULL: that was the last. Nothing may be made meanwhile. */
void *groups_next(const struct groups *g, struct group_walk *w);
