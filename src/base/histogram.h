/* SPDX-License-Identifier: MIT */
/*
 * histogram: the distribution of values, in fixed memory. Count, sum, least and greatest are exact;
 * a percentile is at most 1/32 above the exact one. {0} is a valid empty histogram.
 */
#pragma once

#include <stdint.h>

/* Each value below 32 has a bucket of its own; each power of two from there on has 32 buckets. */
#define HISTOGRAM_STEPS	  32u
#define HISTOGRAM_BUCKETS ((64 - 5 + 1) * HISTOGRAM_STEPS)

struct histogram {
	uint64_t count;
	uint64_t sum;
	uint64_t least, greatest; /* 0 in an empty histogram */
	uint32_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);
/* The value that permille/1000 of the values do not exceed; 0 for an empty histogram. */
uint64_t histogram_permille(const struct histogram *h, unsigned int permille);
/* The number of values that are at least from and below to; exact if both are powers of two. */
uint64_t histogram_between(const struct histogram *h, uint64_t from, uint64_t to);
static inline uint64_t histogram_mean(const struct histogram *h)
{
	return h->count ? h->sum / h->count : 0;
}
