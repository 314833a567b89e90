// SPDX-License-Identifier: MIT
/*
 * feistel: a Feistel network of eight rounds. Its round function is the finaliser of splitmix64.
 */
#include "record/feistel.h"

#include <assert.h>

#define ROUNDS 8u

static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

uint64_t feistel(const struct feistel_key *key, unsigned int half_bits, uint64_t v)
{
	uint64_t mask = (1ULL << half_bits) - 1;
	uint64_t left = (v >> half_bits) & mask;
	uint64_t right = v & mask;

	assert(half_bits >= 1 && half_bits <= 31);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint64_t f = mix(mix(right ^ key->words[i & 3]) + key->words[(i + 1) & 3] + i);
		uint64_t next = left ^ (f & mask);

		left = right;
		right = next;
	}
	return left << half_bits | right;
}
