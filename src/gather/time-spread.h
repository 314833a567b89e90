/* SPDX-License-Identifier: MIT */
/*
 * time-spread: roughly when something happened, in a fixed number of slots. It tells from when to
 * when most of it happened, though a single one may have come long before. {0} is a valid empty
 * one.
 */
#pragma once

#include <stdint.h>

#define SPREAD_SLOTS 32u

struct time_spread {
	uint64_t from_ns;  /* where the first slot begins */
	uint64_t width_ns; /* of a slot; 0: nothing has happened yet */
	uint64_t first_ns, last_ns;
	uint32_t slots[SPREAD_SLOTS];
	uint64_t firsts_ns[SPREAD_SLOTS]; /* when the first thing in each slot happened */
};

/* Something happened. Times may come in any order; in time order it is quickest. */
void time_spread_add(struct time_spread *s, uint64_t ts_ns);
/* The time in which nine tenths of it happened: without the first and the last twentieth, as far as
 * slots tell. */
void time_spread_core(const struct time_spread *s, uint64_t *ret_from_ns, uint64_t *ret_to_ns);
