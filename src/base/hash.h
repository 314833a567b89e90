/* SPDX-License-Identifier: MIT */
/*
 * hash: mixes 64-bit words into a hash, one after the other. An attacker can find keys with equal
 * hashes: use it only where the number of keys is bounded, or nobody else chooses them.
 */
#pragma once

#include <stdint.h>

static inline uint64_t hash_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32;
}
