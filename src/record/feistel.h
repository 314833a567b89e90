/* SPDX-License-Identifier: MIT */
/*
 * feistel: a keyed permutation of numbers. Equal numbers give equal results, different numbers give
 * different results, and without the key a result reveals nothing else. The permutation is not a
 * strong cipher; it need not be, because the key is never stored.
 */
#pragma once

#include <stdint.h>

struct feistel_key {
	uint64_t words[4];
};

/* Permutes the lowest 2 * half_bits bits of v and drops the others; half_bits is 1 to 31. */
uint64_t feistel(const struct feistel_key *key, unsigned int half_bits, uint64_t v);
