// SPDX-License-Identifier: MIT
#include "base/histogram.h"

#include <stddef.h>

static size_t bucket_of(uint64_t v)
{
	unsigned int shift;

	if (v < HISTOGRAM_STEPS)
		return (size_t)v;
	/* The five bits after the leading one are the step within the power of two. */
	shift = 63u - (unsigned int)__builtin_clzll(v) - 5u;
	return (size_t)((shift + 1u) * HISTOGRAM_STEPS + ((v >> shift) & (HISTOGRAM_STEPS - 1)));
}

/* The greatest value of a bucket. */
static uint64_t top_of(size_t bucket)
{
	unsigned int shift;
	uint64_t step;

	if (bucket < HISTOGRAM_STEPS)
		return bucket;
	shift = (unsigned int)(bucket / HISTOGRAM_STEPS) - 1u;
	step = HISTOGRAM_STEPS + bucket % HISTOGRAM_STEPS;
	return (step << shift) + ((1ull << shift) - 1);
}

void histogram_add(struct histogram *h, uint64_t value)
{
	if (!h->count || value < h->least)
		h->least = value;
	if (value > h->greatest)
		h->greatest = value;
	h->count++;
	h->sum += value;
	h->buckets[bucket_of(value)]++;
}

uint64_t histogram_permille(const struct histogram *h, unsigned int permille)
{
	uint64_t wanted = (h->count * permille + 999) / 1000, seen = 0;

	if (!h->count)
		return 0;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen && seen >= wanted) {
			uint64_t top = top_of(i);

			return top < h->greatest ? top : h->greatest;
		}
	}
	return h->greatest;
}

uint64_t histogram_between(const struct histogram *h, uint64_t from, uint64_t to)
{
	uint64_t n = 0;

	if (to <= from)
		return 0;
	for (size_t i = bucket_of(from), last = bucket_of(to - 1); i <= last; i++)
		n += h->buckets[i];
	return n;
}
