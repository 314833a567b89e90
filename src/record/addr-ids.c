// SPDX-License-Identifier: MIT
/*
 * addr-ids: open addressing with linear probing; the slots double when three quarters are in use.
 */
#include "record/addr-ids.h"

#include <assert.h>

#define SLOTS_FIRST 4096u

static void slots_place(struct addr_ids *m, uint64_t key, uint32_t id)
{
	struct addr_ids_slot *slots = m->mmap_buffer.data;
	size_t i = addr_ids_home(m, key);

	while (slots[i].key)
		i = (i + 1) & (m->n_slots - 1);
	slots[i] = (struct addr_ids_slot){.key = key, .id = id};
}

static int slots_grow(struct addr_ids *m)
{
	struct addr_ids bigger = {.n_slots = m->n_slots ? m->n_slots * 2 : SLOTS_FIRST, .n = m->n};
	const struct addr_ids_slot *slots = m->mmap_buffer.data;
	int r = mmap_buffer_grow(&bigger.mmap_buffer, bigger.n_slots * sizeof(*slots));

	if (r < 0)
		return r;
	bigger.shift = 64 - (unsigned int)__builtin_ctzll(bigger.n_slots);
	for (size_t i = 0; i < m->n_slots; i++) {
		if (slots[i].key)
			slots_place(&bigger, slots[i].key, slots[i].id);
	}
	mmap_buffer_done(&m->mmap_buffer);
	*m = bigger;
	return 0;
}

uint32_t addr_ids_add(struct addr_ids *m, uint64_t key)
{
	assert(key && !addr_ids_get(m, key));
	if ((m->n + 1) * 4 > m->n_slots * 3 && slots_grow(m) < 0)
		return 0;
	m->n++;
	slots_place(m, key, (uint32_t)m->n);
	return (uint32_t)m->n;
}

void addr_ids_done(struct addr_ids *m)
{
	mmap_buffer_done(&m->mmap_buffer);
	*m = (struct addr_ids){0};
}
