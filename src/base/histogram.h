/* SPDX-License-Identifier: MIT */
/*
 * histogram: how values are spread, in fixed memory. Count, sum, least and greatest are exact; a
 * percentile is at most 1/32 above the value that it stands for. {0} is a valid empty one.
 */
#pragma once

#include <stdint.h>

/* Values below 32 have a bucket each, every power of two above has 32. */
#define HISTOGRAM_STEPS	  32u
#define HISTOGRAM_BUCKETS ((64 - 5 + 1) * HISTOGRAM_STEPS)

struct histogram {
	uint64_t count;
	uint64_t sum;
	uint64_t least, greatest; /* of an empty one 0 */
	uint32_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);
/* The value that so many of a thousand do not exceed; 0 for an empty one. */
uint64_t histogram_permille(const struct histogram *h, unsigned int permille);
/* How many values are at least from and below to; exact where both are powers of two. */
uint64_t histogram_between(const struct histogram *h, uint64_t from, uint64_t to);
static inline uint64_t histogram_mean(const struct histogram *h)
{
	return h->count ? h->sum / h->count : 0;
}
