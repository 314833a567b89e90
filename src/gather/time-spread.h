/* SPDX-License-Identifier: MIT */
/*
 * time-spread: a histogram of the times of events, with a fixed number of slots. It finds the span
 * in which most of the events happened, even if a single one came long before. {0} is a valid empty
 * histogram.
 */
#pragma once

#include <stdint.h>

#define SPREAD_SLOTS 32u

struct time_spread {
	uint64_t from_ns;  /* start of the first slot */
	uint64_t width_ns; /* width of a slot; 0: there are no events yet */
	uint64_t first_ns, last_ns;
	uint32_t slots[SPREAD_SLOTS];
	uint64_t firsts_ns[SPREAD_SLOTS]; /* time of the first event in each slot */
};

/* Adds an event. Times may come in any order; ascending times are fastest. */
void time_spread_add(struct time_spread *s, uint64_t ts_ns);
/* The span in which nine tenths of the events happened: without the first and the last twentieth,
 * as exactly as the width of a slot allows. */
void time_spread_core(const struct time_spread *s, uint64_t *ret_from_ns, uint64_t *ret_to_ns);
