// SPDX-License-Identifier: MIT
#include "record/figure-budget.h"

#include <assert.h>

/* The longest stretch that is judged at once. */
#define WINDOW_NS NSEC_PER_SEC
/* A pause this soon after another one must be calm for twice as long before it ends. */
#define SOON_NS (30 * NSEC_PER_SEC)

void figure_budget_init(struct figure_budget *b, uint64_t kernel_ns, uint64_t now)
{
	assert(kernel_ns);
	*b = (struct figure_budget){
		.kernel_ns = kernel_ns,
		.balance_ns = (int64_t)FIGURE_BUDGET_SAVED_NS,
		.at_ns = now,
		.patience_ns = FIGURE_BUDGET_CALM_NS,
	};
}

static int64_t clamp(int64_t v, int64_t least, int64_t most)
{
	return v < least ? least : v > most ? most : v;
}

void figure_budget_spend(struct figure_budget *b, uint64_t now, uint64_t n, uint64_t own_ns)
{
	uint64_t passed = now > b->at_ns ? now - b->at_ns : 0;
	int64_t given = (int64_t)((double)passed * FIGURE_BUDGET_PPM / 1e6);

	b->at_ns = now;
	b->own_ns += own_ns;
	b->n_messages += n;
	b->balance_ns = clamp(b->balance_ns + given, INT64_MIN, (int64_t)FIGURE_BUDGET_SAVED_NS);
	b->balance_ns = clamp(b->balance_ns - (int64_t)(n * b->kernel_ns + own_ns),
			      -(int64_t)FIGURE_BUDGET_OWED_NS, INT64_MAX);
}

bool figure_budget_affords(const struct figure_budget *b, uint64_t n, uint64_t ns)
{
	double own = b->n_messages ? (double)b->own_ns / (double)b->n_messages : 0;

	return (double)n * ((double)b->kernel_ns + own) * 2 <= (double)ns * FIGURE_BUDGET_PPM / 1e6;
}

void figure_budget_pause(struct figure_budget *b, uint64_t now, uint64_t n)
{
	bool is_soon = b->resumed_ns && now - b->resumed_ns < SOON_NS;
	uint64_t twice = 2 * b->patience_ns;

	/* A further namespace may join a pause. */
	if (!b->is_paused) {
		b->patience_ns = !is_soon			     ? FIGURE_BUDGET_CALM_NS
				 : twice < FIGURE_BUDGET_CALM_MAX_NS ? twice
								     : FIGURE_BUDGET_CALM_MAX_NS;
	}
	b->is_paused = true;
	b->calm_from_ns = b->window_ns = now;
	b->window_n = n;
}

bool figure_budget_ends_pause(struct figure_budget *b, uint64_t now, uint64_t n)
{
	uint64_t passed = now > b->window_ns ? now - b->window_ns : 0;
	uint64_t destroyed = n > b->window_n ? n - b->window_n : 0;

	if (passed < WINDOW_NS)
		return false;
	b->window_ns = now;
	b->window_n = n;
	if (!figure_budget_affords(b, destroyed, passed)) {
		b->calm_from_ns = now;
		return false;
	}
	if (now - b->calm_from_ns < b->patience_ns || figure_budget_is_overdrawn(b))
		return false;
	b->is_paused = false;
	b->resumed_ns = now;
	return true;
}
