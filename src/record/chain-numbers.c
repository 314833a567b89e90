// SPDX-License-Identifier: MIT
/*
 * chain-numbers: finds chains by their hash, and compares the frames of chains with the same hash,
 * so two different chains never share a number.
 */
#include "record/chain-numbers.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"

void chain_numbers_done(struct chain_numbers *c)
{
	map_done(&c->ids);
	buffer_done(&c->known);
	buffer_done(&c->places);
}

static uint64_t chain_hash(const uint64_t *frames, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++)
		h = hash_mix(h, frames[i]);
	return h;
}

static bool chain_equals(const struct chain_numbers *c, uint32_t number, const uint64_t *frames,
			 size_t n)
{
	uint64_t place, known_n;

	memcpy(&place, c->places.data + (size_t)(number - c->first - 1) * 8, 8);
	memcpy(&known_n, c->known.data + place, 8);
	return known_n == n && memcmp(c->known.data + place + 8, frames, n * 8) == 0;
}

static void chains_forget(struct chain_numbers *c)
{
	map_clear(&c->ids);
	buffer_clear(&c->known);
	buffer_clear(&c->places);
	c->first += c->n;
	c->n = 0;
}

static int chains_remember(struct chain_numbers *c, uint64_t hash, const uint64_t *frames, size_t n)
{
	uint64_t place = c->known.len;
	uint64_t wide_n = n;
	uint64_t *number;

	if (buffer_reserve(&c->known, 8 + n * 8) < 0 || buffer_reserve(&c->places, 8) < 0)
		return -ENOMEM;
	number = map_put(&c->ids, hash, NULL);
	if (!number)
		return -ENOMEM;
	memcpy(c->places.data + c->places.len, &place, 8);
	c->places.len += 8;
	memcpy(c->known.data + place, &wide_n, 8);
	memcpy(c->known.data + place + 8, frames, n * 8);
	c->known.len += 8 + n * 8;
	c->n++;
	*number = c->first + c->n;
	return 0;
}

int chain_numbers_get(struct chain_numbers *c, const uint64_t *frames, size_t n, uint32_t *ret,
		      bool *ret_is_new)
{
	uint64_t hash = chain_hash(frames, n);
	const uint64_t *number;
	int r;

	while ((number = map_get(&c->ids, hash))) {
		if (chain_equals(c, (uint32_t)*number, frames, n)) {
			*ret = (uint32_t)*number;
			*ret_is_new = false;
			return 0;
		}
		hash++;
	}
	if (c->n >= CHAIN_NUMBERS_MAX)
		chains_forget(c);
	r = chains_remember(c, hash, frames, n);
	if (r < 0)
		return r;
	*ret = c->first + c->n;
	*ret_is_new = true;
	return 0;
}
