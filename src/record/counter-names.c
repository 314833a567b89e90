// SPDX-License-Identifier: MIT
#include "record/counter-names.h"

#include <errno.h>

#include "base/hash.h"
#include "base/vec.h"
#include "format/counter-values.h"
#include "format/layout.h"
#include "format/records.h"

void counter_names_done(struct counter_names *c)
{
	free(c->items);
	map_done(&c->by_hash);
	arena_done(&c->arena);
	buffer_done(&c->fresh);
	*c = (struct counter_names){0};
}

static uint64_t name_hash(const char *name, size_t len)
{
	uint64_t h = len;

	for (size_t i = 0; i < len; i++)
		h = hash_mix(h, (uint8_t)name[i]);
	return h;
}

static int name_add(struct counter_names *c, const char *name, size_t len, uint64_t hash)
{
	char *copy = arena_alloc(&c->arena, len + 1);
	uint64_t *place;
	int r;

	if (!copy || vec_reserve(c->items, c->cap, c->n + 1) < 0)
		return -ENOMEM;
	memcpy(copy, name, len);
	r = counter_name_encode(&c->fresh, copy);
	place = r < 0 ? NULL : map_put(&c->by_hash, hash, NULL);
	if (!place)
		return -ENOMEM;
	c->items[c->n++] = copy;
	*place = c->n;
	return 0;
}

int counter_names_number(struct counter_names *c, const char *name, size_t len, uint32_t *ret)
{
	uint64_t hash = name_hash(name, len);
	const uint64_t *place;

	/* Names of one hash take the places after it. */
	while ((place = map_get(&c->by_hash, hash))) {
		*ret = (uint32_t)(*place - 1);
		if (counter_name_is(c, *ret, name, len))
			return 1;
		hash++;
	}
	if (c->n >= TAPE_COUNTERS_MAX) {
		c->n_left_out++;
		return 0;
	}
	if (name_add(c, name, len, hash) < 0)
		return -ENOMEM;
	*ret = (uint32_t)(c->n - 1);
	return 1;
}

int counter_names_flush(struct counter_names *c, struct buffer *b)
{
	struct counters_record record = {
		.what = COUNTERS_NAMES,
		.number = (uint32_t)c->n_flushed,
		.body_len = (uint32_t)c->fresh.len,
		.body = c->fresh.data,
	};

	if (c->n_flushed == c->n)
		return 0;
	if (counters_record_encode(b, &record) < 0)
		return -ENOMEM;
	c->n_flushed = c->n;
	buffer_clear(&c->fresh);
	return 1;
}
