/* SPDX-License-Identifier: MIT */
/*
 * addr-ids: a hash table that maps kernel addresses to small ids: 1, 2, 3 ... in the order in
 * which they were first seen. Every pointer of every row is looked up, so the slots of 12 bytes lie
 * side by side: a lookup usually touches one cache line, which can be prefetched. {0} is a valid
 * empty table. Keys are never removed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/mmap-buffer.h"

struct addr_ids_slot {
	uint64_t key; /* 0: the slot is free */
	uint32_t id;
} __attribute__((packed));

struct addr_ids {
	struct mmap_buffer mmap_buffer;
	unsigned int shift; /* 64 - log2(slots) */
	size_t n_slots;
	size_t n;
};

static inline size_t addr_ids_home(const struct addr_ids *m, uint64_t key)
{
	return (size_t)((key * 0x9e3779b97f4a7c15ULL) >> m->shift);
}

static inline void addr_ids_prefetch(const struct addr_ids *m, uint64_t key)
{
	if (m->n_slots)
		__builtin_prefetch((struct addr_ids_slot *)m->mmap_buffer.data +
				   addr_ids_home(m, key));
}

/* Returns the id of a key; 0: the key has none. */
static inline uint32_t addr_ids_get(const struct addr_ids *m, uint64_t key)
{
	const struct addr_ids_slot *slots = m->mmap_buffer.data;
	size_t i;

	if (!m->n_slots)
		return 0;
	for (i = addr_ids_home(m, key); slots[i].key; i = (i + 1) & (m->n_slots - 1)) {
		if (slots[i].key == key)
			return slots[i].id;
	}
	return 0;
}

/* Gives a key an id. key is not 0 and has no id yet. Returns the id; 0: out of memory. */
uint32_t addr_ids_add(struct addr_ids *m, uint64_t key);
void addr_ids_done(struct addr_ids *m);
