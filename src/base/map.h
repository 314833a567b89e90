/* SPDX-License-Identifier: MIT */
/*
 * map: uint64_t to uint64_t, open addressing, linear probing, no tombstones (deletion shifts back).
 * Any key is legal. {0} is a valid empty map. 16 bytes a slot, at most 3/4 of the slots in use.
 * Keys are mixed with a fixed finalizer: not for keys an attacker chooses freely unless the
 * caller bounds the number of entries.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct map {
	uint64_t *keys;
	uint64_t *values;
	size_t mask; /* slots - 1 */
	size_t n;    /* entries, the one for key 0 not counted */
	bool has_zero;
	uint64_t zero_value;
};

void map_done(struct map *m);
void map_clear(struct map *m);
static inline size_t map_count(const struct map *m)
{
	return m->n + m->has_zero;
}
/* The place of the value, or NULL. Good until the next map_put or map_del. */
uint64_t *map_get(const struct map *m, uint64_t key);
/* The place of the value, new ones 0; *ret_is_new (may be NULL) tells. NULL: out of memory. */
uint64_t *map_put(struct map *m, uint64_t key, bool *ret_is_new);
/* True when the key was there. */
bool map_del(struct map *m, uint64_t key);
/* Iterates: *pos starts at 0; false at the end. No changes meanwhile. */
bool map_next(const struct map *m, size_t *pos, uint64_t *ret_key, uint64_t *ret_value);
