/* SPDX-License-Identifier: MIT */
/*
 * figure-budget: decides when the last figures of sockets cost too much. The kernel makes a message
 * about each socket that is destroyed, which takes it longer than all tracepoints of a short
 * connection together. What the messages cost is measured, the kernel's part too, and may not
 * exceed a share of one CPU: time that was not used is saved up for a burst, and what a burst took
 * too much is paid back.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

/* Parts per million of one CPU that the messages may take. */
#define FIGURE_BUDGET_PPM 5000u
/* The most that is saved up, and the most that is owed: what 4 s and 10 s give. */
#define FIGURE_BUDGET_SAVED_NS (20 * NSEC_PER_MSEC)
#define FIGURE_BUDGET_OWED_NS  (50 * NSEC_PER_MSEC)
/* How long it must have been calm before the messages are asked for again: at least, and at most,
 * where pauses follow each other. */
#define FIGURE_BUDGET_CALM_NS	  (2 * NSEC_PER_SEC)
#define FIGURE_BUDGET_CALM_MAX_NS (64 * NSEC_PER_SEC)

struct figure_budget {
	uint64_t kernel_ns;  /* what a message costs the kernel */
	uint64_t own_ns;     /* what all messages so far have cost the recorder */
	uint64_t n_messages; /* so far */
	int64_t balance_ns;  /* below 0: too much was spent */
	uint64_t at_ns;	     /* time of the last call of figure_budget_spend() */
	bool is_paused;
	uint64_t resumed_ns;   /* end of the last pause; 0: there was none */
	uint64_t patience_ns;  /* how long it must be calm before this pause ends */
	uint64_t calm_from_ns; /* it has been calm since then */
	uint64_t window_ns;    /* start of the second that is judged now */
	uint64_t window_n;     /* sockets destroyed until then of which no message tells */
};

/* kernel_ns must not be 0. */
void figure_budget_init(struct figure_budget *b, uint64_t kernel_ns, uint64_t now);
/* Adds what the time since the last call gives, and takes off what n messages have cost, own_ns of
 * it in the recorder. */
void figure_budget_spend(struct figure_budget *b, uint64_t now, uint64_t n, uint64_t own_ns);
static inline bool figure_budget_is_overdrawn(const struct figure_budget *b)
{
	return b->balance_ns < 0;
}
/* Whether n messages in ns nanoseconds cost at most half of the budget, so that more may come. */
bool figure_budget_affords(const struct figure_budget *b, uint64_t n, uint64_t ns);

/* Messages about some sockets are not asked for from now on. n: sockets destroyed so far of which
 * no message tells. */
void figure_budget_pause(struct figure_budget *b, uint64_t now, uint64_t n);
/* To be called often in a pause. True: few enough sockets are destroyed of which no message tells,
 * and the pause is over. */
bool figure_budget_ends_pause(struct figure_budget *b, uint64_t now, uint64_t n);
