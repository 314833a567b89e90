/* SPDX-License-Identifier: MIT */
/*
 * latency: a histogram of durations, small enough to have one for each of many destinations. It has
 * four steps for each doubling from a microsecond to a minute, so a percentile is at most a quarter
 * too high. {0} is a valid empty histogram.
 */
#pragma once

#include <stdint.h>

#define LATENCY_STEPS 104u

struct latency {
	uint32_t count;
	uint32_t steps[LATENCY_STEPS];
	uint64_t least_ns, greatest_ns;
};

void latency_add(struct latency *l, uint64_t ns);
/* How many durations are below ns, rounded down to a step: at least those that are below three
 * quarters of it, and none that is not below it. */
uint32_t latency_below(const struct latency *l, uint64_t ns);
/* The duration that `permille` of a thousand durations do not exceed; 0 for an empty histogram.
 * permille is at most 1000. */
uint64_t latency_permille(const struct latency *l, unsigned int permille);
