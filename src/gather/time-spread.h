/* SPDX-License-Identifier: MIT */
/*
 * time-spread: when something happened, roughly: enough to say from when to when most of it did, though
 * a stray one may have come long before. {0} is a valid empty one.
 */
#pragma once

#include <stdint.h>

#define SPREAD_SLOTS 32u

struct time_spread {
	uint64_t from_ns;  /* of the first slot */
	uint64_t width_ns; /* of a slot; 0: nothing yet */
	uint64_t first_ns, last_ns;
	uint32_t slots[SPREAD_SLOTS];
	uint64_t firsts_ns[SPREAD_SLOTS]; /* the first one in each */
};

/* Mostly in time order. */
void time_spread_add(struct time_spread *s, uint64_t ts_ns);
/* The time in which nine tenths of it lie: the first and the last twentieth are left out, as far as
 * slots tell. */
void time_spread_core(const struct time_spread *s, uint64_t *ret_from_ns, uint64_t *ret_to_ns);
