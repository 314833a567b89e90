/* SPDX-License-Identifier: MIT */
/*
 * sample-budget: how much CPU time may go into samples: a share of one CPU, measured by the clock
 * of the thread, in which the kernel's work for a request counts, too. Time that is not used is
 * saved up, but only so much.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

struct sample_budget {
	uint32_t ppm;	    /* the share: parts per million of one CPU */
	uint64_t saved_ns;  /* the most that is saved up */
	uint64_t at_ns;	    /* until then the share is counted in; 0: not begun */
	int64_t balance_ns; /* below 0: too much was spent, and must be earned back */
};

/* Adds what the time since the last call gives. The first call gives saved_ns. */
void sample_budget_earn(struct sample_budget *b, uint64_t now);
void sample_budget_spend(struct sample_budget *b, uint64_t cpu_ns);
static inline bool sample_budget_has(const struct sample_budget *b)
{
	return b->balance_ns > 0;
}
