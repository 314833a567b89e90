// SPDX-License-Identifier: MIT
#include "base/histogram.h"

#include <assert.h>

uint64_t histogram_bucket_top(size_t bucket, unsigned int bits)
{
	size_t steps = (size_t)1 << bits;
	unsigned int shift;

	if (bucket < steps)
		return bucket;
	shift = (unsigned int)(bucket >> bits) - 1u;
	return ((uint64_t)(steps + bucket % steps) << shift) + ((1ull << shift) - 1);
}

size_t histogram_permille_bucket(const uint32_t *counts, size_t n, uint64_t total,
				 unsigned int permille)
{
	uint64_t wanted = (total * permille + 999) / 1000, seen = 0;
	size_t i = 0;

	assert(total && n);
	while (i + 1 < n) {
		seen += counts[i];
		if (seen && seen >= wanted)
			break;
		i++;
	}
	return i;
}

void histogram_add(struct histogram *h, uint64_t value)
{
	if (!h->count || value < h->least)
		h->least = value;
	if (value > h->greatest)
		h->greatest = value;
	h->count++;
	h->sum += value;
	h->buckets[histogram_bucket(value, HISTOGRAM_BITS)]++;
}

uint64_t histogram_permille(const struct histogram *h, unsigned int permille)
{
	uint64_t top;

	if (!h->count)
		return 0;
	top = histogram_bucket_top(
		histogram_permille_bucket(h->buckets, HISTOGRAM_BUCKETS, h->count, permille),
		HISTOGRAM_BITS);
	return top < h->greatest ? top : h->greatest;
}

uint64_t histogram_between(const struct histogram *h, uint64_t from, uint64_t to)
{
	uint64_t n = 0;
	size_t last;

	if (to <= from)
		return 0;
	last = histogram_bucket(to - 1, HISTOGRAM_BITS);
	for (size_t i = histogram_bucket(from, HISTOGRAM_BITS); i <= last; i++)
		n += h->buckets[i];
	return n;
}
