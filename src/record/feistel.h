/* SPDX-License-Identifier: MIT */
/*
 * feistel: a keyed permutation of numbers: equal stays equal, different stays different, and
 * without the key nothing more can be told. Not a cipher for the ages: the key is never stored.
 */
#pragma once

#include <stdint.h>

struct feistel_key {
	uint64_t words[4];
};

/* Permutes the lowest 2 * half_bits bits of v; half_bits at most 31. */
uint64_t feistel(const struct feistel_key *key, unsigned int half_bits, uint64_t v);
