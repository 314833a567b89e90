/* SPDX-License-Identifier: MIT */
/*
 * hash: words mixed into a hash, one after the other. Not for keys that an attacker may choose
 * freely, unless their number is bounded.
 */
#pragma once

#include <stdint.h>

static inline uint64_t hash_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32;
}
