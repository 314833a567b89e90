// SPDX-License-Identifier: MIT
/*
 * idmap: growth. Slots double when three quarters are in use.
 */
#include "record/idmap.h"

#define SLOTS_FIRST 4096u

static void place(struct idmap *m, uint64_t key, uint32_t id)
{
	struct idmap_slot *slots = m->region.data;
	size_t i = idmap_home(m, key);

	while (slots[i].key)
		i = (i + 1) & (m->n_slots - 1);
	slots[i] = (struct idmap_slot){.key = key, .id = id};
}

static int grow(struct idmap *m)
{
	struct idmap bigger = {.n_slots = m->n_slots ? m->n_slots * 2 : SLOTS_FIRST, .n = m->n};
	const struct idmap_slot *slots = m->region.data;
	int r = region_grow(&bigger.region, bigger.n_slots * sizeof(*slots));

	if (r < 0)
		return r;
	bigger.shift = 64 - (unsigned int)__builtin_ctzll(bigger.n_slots);
	for (size_t i = 0; i < m->n_slots; i++) {
		if (slots[i].key)
			place(&bigger, slots[i].key, slots[i].id);
	}
	region_done(&m->region);
	*m = bigger;
	return 0;
}

uint32_t idmap_add(struct idmap *m, uint64_t key)
{
	if ((m->n + 1) * 4 > m->n_slots * 3 && grow(m) < 0)
		return 0;
	m->n++;
	place(m, key, (uint32_t)m->n);
	return (uint32_t)m->n;
}

void idmap_done(struct idmap *m)
{
	region_done(&m->region);
	*m = (struct idmap){0};
}
