/* SPDX-License-Identifier: MIT */
/*
 * map: a hash table from uint64_t to uint64_t: open addressing, linear probing, no tombstones
 * (deletion shifts back), 16 bytes a slot, at most 3/4 of the slots in use. Any key is legal, 0
 * too. {0} is a valid empty map. The hash has no secret: where an attacker chooses the keys, the
 * caller must bound their number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct map {
	uint64_t *keys;
	uint64_t *values;
	size_t mask; /* number of slots - 1 */
	size_t n;    /* entries, without that of key 0 */
	bool has_zero;
	uint64_t zero_value;
};

void map_done(struct map *m);
void map_clear(struct map *m);
static inline size_t map_count(const struct map *m)
{
	return m->n + m->has_zero;
}
/* A pointer to the value of key, good until the next map_put() or map_del(). NULL: there is
 * none. */
uint64_t *map_get(const struct map *m, uint64_t key);
/* A pointer to the value of key, which is made with value 0 if need be. *ret_is_new, if not NULL,
 * is whether it was made. NULL: out of memory. */
uint64_t *map_put(struct map *m, uint64_t key, bool *ret_is_new);
/* Removes key. False: it was not there. */
bool map_del(struct map *m, uint64_t key);
/* Gives the entries one after the other, in no particular order. *pos is 0 for the first call.
 * False: there are no more. The map must not change in between. */
bool map_next(const struct map *m, size_t *pos, uint64_t *ret_key, uint64_t *ret_value);
