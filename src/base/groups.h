/* SPDX-License-Identifier: MIT */
/*
 * groups: a hash table of items that begin with their key. Keys are compared as bytes, so padding
 * in them must be zero. Items never move.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"

/* {.key_size = ..., .item_size = ...} is a valid empty table. */
struct groups {
	size_t key_size;
	size_t item_size; /* including the key */
	struct arena arena;
	struct map by_hash;	 /* hash of a key to a chain of struct group_link */
	struct group_link *last; /* the newest item */
	size_t n;
};

void groups_done(struct groups *g);
/* The item with this key, made if need be; a new item is zero after its key. NULL: out of
 * memory. */
void *groups_get(struct groups *g, const void *key);
/* The same for a table of at most max items. NULL, and *ret_error 0: there is no room for a new
 * item; -ENOMEM: out of memory. */
void *groups_get_up_to(struct groups *g, const void *key, size_t max, int *ret_error);
/* The item with this key, or NULL. */
void *groups_find(const struct groups *g, const void *key);
/* An array of pointers to all items, sorted by qsort() with compare, which gets pointers to such
 * pointers. The caller frees the array. NULL: out of memory. */
void **groups_sorted(const struct groups *g, int (*compare)(const void *, const void *));

/* A walk over all items, the newest first. {0} begins one. */
struct group_walk {
	const struct group_link *at;
	bool has_begun;
};

/* The next item of a walk. NULL: there are no more. No item may be made during a walk. */
void *groups_next(const struct groups *g, struct group_walk *w);
