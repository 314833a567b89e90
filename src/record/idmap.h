/* SPDX-License-Identifier: MIT */
/*
 * idmap: kernel addresses to small ids: 1, 2, 3 ... in the order in which they were first seen.
 * One lookup per pointer of every row: slots of 12 bytes side by side, so that a lookup misses the
 * cache at most once, and can be prefetched. {0} is a valid empty one. Nothing is ever removed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/region.h"

struct idmap_slot {
	uint64_t key; /* 0: free */
	uint32_t id;
} __attribute__((packed));

struct idmap {
	struct region region;
	unsigned int shift; /* 64 - log2(slots) */
	size_t n_slots;
	size_t n;
};

static inline size_t idmap_home(const struct idmap *m, uint64_t key)
{
	return (size_t)((key * 0x9e3779b97f4a7c15ULL) >> m->shift);
}

static inline void idmap_prefetch(const struct idmap *m, uint64_t key)
{
	if (m->n_slots)
		__builtin_prefetch((struct idmap_slot *)m->region.data + idmap_home(m, key));
}

/* 0: not there. */
static inline uint32_t idmap_get(const struct idmap *m, uint64_t key)
{
	const struct idmap_slot *slots = m->region.data;
	size_t i;

	if (!m->n_slots)
		return 0;
	for (i = idmap_home(m, key); slots[i].key; i = (i + 1) & (m->n_slots - 1)) {
		if (slots[i].key == key)
			return slots[i].id;
	}
	return 0;
}

/* key is not 0 and not there. Returns its new id; 0: out of memory. */
uint32_t idmap_add(struct idmap *m, uint64_t key);
void idmap_done(struct idmap *m);
