// SPDX-License-Identifier: MIT
#include "gather/latency.h"

#include <assert.h>

#include "base/units.h"

/* The step of a duration. Step 0 is below a microsecond. Four steps follow for each power of two of
 * microseconds, and the last step has no end. */
static unsigned int latency_step(uint64_t ns)
{
	uint64_t quarters = ns / (NSEC_PER_USEC / 4);
	unsigned int power, step;

	if (quarters < 4)
		return 0;
	power = 61 - (unsigned int)__builtin_clzll(quarters);
	step = 1 + power * 4 + (unsigned int)(quarters >> power & 3);
	return step < LATENCY_STEPS ? step : LATENCY_STEPS - 1;
}

/* The time in nanoseconds at which a step ends. */
static uint64_t latency_step_end(unsigned int step)
{
	unsigned int power = (step - 1) / 4, quarter = (step - 1) % 4;

	if (!step)
		return NSEC_PER_USEC;
	if (step == LATENCY_STEPS - 1)
		return UINT64_MAX;
	return ((4ULL + quarter + 1) << power) * NSEC_PER_USEC / 4;
}

void latency_add(struct latency *l, uint64_t ns)
{
	l->count++;
	l->steps[latency_step(ns)]++;
	if (ns > l->greatest_ns)
		l->greatest_ns = ns;
}

uint64_t latency_permille(const struct latency *l, unsigned int permille)
{
	uint64_t want = ((uint64_t)l->count * permille + 999) / 1000, seen = 0;

	assert(permille <= 1000);
	for (unsigned int i = 0; i < LATENCY_STEPS && l->count; i++) {
		seen += l->steps[i];
		if (seen >= want && seen)
			return latency_step_end(i) < l->greatest_ns ? latency_step_end(i)
								    : l->greatest_ns;
	}
	return l->greatest_ns;
}
