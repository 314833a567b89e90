// SPDX-License-Identifier: MIT
#include "record/sample-budget.h"

void sample_budget_earn(struct sample_budget *b, uint64_t now)
{
	uint64_t elapsed = b->at_ns && now > b->at_ns ? now - b->at_ns : 0;

	if (!b->at_ns)
		b->balance_ns = (int64_t)b->saved_ns;
	/* So long a time fills it up, and has no room in the product. */
	if (elapsed > 3600 * NSEC_PER_SEC)
		elapsed = 3600 * NSEC_PER_SEC;
	b->at_ns = now;
	b->balance_ns += (int64_t)(elapsed / 1000 * b->ppm / 1000);
	if (b->balance_ns > (int64_t)b->saved_ns)
		b->balance_ns = (int64_t)b->saved_ns;
}

void sample_budget_spend(struct sample_budget *b, uint64_t cpu_ns)
{
	b->balance_ns -= (int64_t)cpu_ns;
}
