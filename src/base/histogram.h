/* SPDX-License-Identifier: MIT */
/*
 * histogram: the distribution of values, in fixed memory. Its buckets are log-linear: each doubling
 * of the value has the same number of them, so that all percentiles are equally exact.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The bucket of a value, where each doubling has 2^bits buckets. Each value below 2^bits has a
 * bucket of its own; a greater value is at most 1/2^bits below the greatest value of its bucket.
 */
static inline size_t histogram_bucket(uint64_t value, unsigned int bits)
{
	unsigned int shift;

	if (value >> bits == 0)
		return (size_t)value;
	/* The bits after the leading one are the step within the power of two. */
	shift = 63u - (unsigned int)__builtin_clzll(value) - bits;
	return (size_t)(((shift + 1ull) << bits) + ((value >> shift) & ((1ull << bits) - 1)));
}

/* The greatest value of a bucket. */
uint64_t histogram_bucket_top(size_t bucket, unsigned int bits);
/* The bucket of the value that permille/1000 of the values do not exceed. `counts` are the numbers
 * of values in each of n buckets; they add up to `total`, which must not be 0. */
size_t histogram_permille_bucket(const uint32_t *counts, size_t n, uint64_t total,
				 unsigned int permille);

/*
 * A histogram of values of any size. Count, sum, least and greatest are exact; a percentile is at
 * most 1/32 above the exact one. {0} is a valid empty histogram.
 */
#define HISTOGRAM_BITS	  5u
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS)

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
