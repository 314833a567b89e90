// SPDX-License-Identifier: MIT
#include "gather/latency.h"

#include <assert.h>

#include "base/histogram.h"
#include "base/units.h"

/* Buckets of base/histogram over quarters of a microsecond, four for each doubling. Those below a
 * microsecond are one step, and those from the last step on are another. */
#define QUARTER_NS	 (NSEC_PER_USEC / 4)
#define STEP_BITS	 2u
#define BUCKETS_OF_STEP0 4u

static size_t latency_step(uint64_t ns)
{
	size_t bucket = histogram_bucket(ns / QUARTER_NS, STEP_BITS);

	if (bucket < BUCKETS_OF_STEP0)
		return 0;
	bucket -= BUCKETS_OF_STEP0 - 1;
	return bucket < LATENCY_STEPS ? bucket : LATENCY_STEPS - 1;
}

/* The time in nanoseconds at which a step ends. */
static uint64_t latency_step_end(size_t step)
{
	if (step == LATENCY_STEPS - 1)
		return UINT64_MAX;
	return (histogram_bucket_top(step + BUCKETS_OF_STEP0 - 1, STEP_BITS) + 1) * QUARTER_NS;
}

void latency_add(struct latency *l, uint64_t ns)
{
	if (!l->count || ns < l->least_ns)
		l->least_ns = ns;
	l->count++;
	l->steps[latency_step(ns)]++;
	if (ns > l->greatest_ns)
		l->greatest_ns = ns;
}

uint32_t latency_below(const struct latency *l, uint64_t ns)
{
	uint32_t n = 0;

	for (size_t i = 0; i < latency_step(ns); i++)
		n += l->steps[i];
	return n;
}

uint64_t latency_permille(const struct latency *l, unsigned int permille)
{
	uint64_t end;

	assert(permille <= 1000);
	if (!l->count)
		return l->greatest_ns;
	end = latency_step_end(
		histogram_permille_bucket(l->steps, LATENCY_STEPS, l->count, permille));
	return end < l->greatest_ns ? end : l->greatest_ns;
}
