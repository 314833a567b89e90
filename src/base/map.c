// SPDX-License-Identifier: MIT
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

/* The finalizer of SplitMix64. */
static inline uint64_t key_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

void map_done(struct map *m)
{
	free(m->keys);
	free(m->values);
	*m = (struct map){0};
}

void map_clear(struct map *m)
{
	if (m->keys)
		memset(m->keys, 0, (m->mask + 1) * sizeof(*m->keys));
	m->n = 0;
	m->has_zero = false;
}

/* The slot that has the key, or the empty slot where it would go. */
static size_t slot_find(const struct map *m, uint64_t key)
{
	size_t i = key_mix(key) & m->mask;

	while (m->keys[i] && m->keys[i] != key)
		i = (i + 1) & m->mask;
	return i;
}

uint64_t *map_get(const struct map *m, uint64_t key)
{
	size_t i;

	if (!key)
		return m->has_zero ? (uint64_t *)&m->zero_value : NULL;
	if (!m->keys)
		return NULL;
	i = slot_find(m, key);
	return m->keys[i] ? &m->values[i] : NULL;
}

static bool map_grow(struct map *m)
{
	size_t slots = m->keys ? (m->mask + 1) * 2 : 64;
	struct map bigger = {.mask = slots - 1, .n = m->n};

	bigger.keys = calloc(slots, sizeof(*bigger.keys));
	bigger.values = malloc(slots * sizeof(*bigger.values));
	if (!bigger.keys || !bigger.values) {
		free(bigger.keys);
		free(bigger.values);
		return false;
	}
	for (size_t i = 0; m->keys && i <= m->mask; i++) {
		size_t j;

		if (!m->keys[i])
			continue;
		j = slot_find(&bigger, m->keys[i]);
		bigger.keys[j] = m->keys[i];
		bigger.values[j] = m->values[i];
	}
	free(m->keys);
	free(m->values);
	m->keys = bigger.keys;
	m->values = bigger.values;
	m->mask = bigger.mask;
	return true;
}

uint64_t *map_put(struct map *m, uint64_t key, bool *ret_is_new)
{
	bool is_new = false;
	uint64_t *place;

	if (!key) {
		is_new = !m->has_zero;
		if (is_new)
			m->zero_value = 0;
		m->has_zero = true;
		place = &m->zero_value;
	} else {
		size_t i;

		if ((!m->keys || (m->n + 1) * 4 > (m->mask + 1) * 3) && !map_grow(m))
			return NULL;
		i = slot_find(m, key);
		if (!m->keys[i]) {
			is_new = true;
			m->keys[i] = key;
			m->values[i] = 0;
			m->n++;
		}
		place = &m->values[i];
	}
	if (ret_is_new)
		*ret_is_new = is_new;
	return place;
}

bool map_del(struct map *m, uint64_t key)
{
	size_t hole, i;

	if (!key) {
		bool had = m->has_zero;

		m->has_zero = false;
		return had;
	}
	if (!m->keys)
		return false;
	hole = slot_find(m, key);
	if (!m->keys[hole])
		return false;
	for (i = (hole + 1) & m->mask; m->keys[i]; i = (i + 1) & m->mask) {
		size_t home = key_mix(m->keys[i]) & m->mask;

		/* An entry moves back into the hole, unless its home is in (hole, i]: before its
		 * home it would not be found. */
		if (((i - home) & m->mask) < ((i - hole) & m->mask))
			continue;
		m->keys[hole] = m->keys[i];
		m->values[hole] = m->values[i];
		hole = i;
	}
	m->keys[hole] = 0;
	m->n--;
	return true;
}

bool map_next(const struct map *m, size_t *pos, uint64_t *ret_key, uint64_t *ret_value)
{
	if (*pos == 0) {
		*pos = 1;
		if (m->has_zero) {
			*ret_key = 0;
			*ret_value = m->zero_value;
			return true;
		}
	}
	for (size_t i = *pos - 1; m->keys && i <= m->mask; i++) {
		if (!m->keys[i])
			continue;
		*ret_key = m->keys[i];
		*ret_value = m->values[i];
		*pos = i + 2;
		return true;
	}
	return false;
}
