/* SPDX-License-Identifier: MIT */
/*
 * damage: what is wrong with a tape, counted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tape_damage {
	uint64_t bad_sections;	   /* header whole, payload not */
	uint64_t bad_chunks;	   /* of these: CHUNKs with right sums, but wrong inside */
	uint64_t skipped_bytes;	   /* in no whole section */
	uint64_t missing_sections; /* gaps in the sequence that no damage above explains */
	uint64_t undescribed_rows; /* whole, but no FORMAT of their tracepoint is there */
	uint64_t unknown_sections; /* kinds of a newer writer: skipped by length, no damage */
	bool is_cut;		   /* ends in the middle of a section */
	bool is_unfinished;	   /* no trailer: recorder was killed, or is still writing */
	uint64_t first_at;	   /* where the first damage is */
	char first_what[160];	   /* and what it is; "" none */
};

/* Is anything damaged? An unfinished tape is, too. */
static inline bool tape_damage_any(const struct tape_damage *d)
{
	return d->bad_sections || d->skipped_bytes || d->missing_sections || d->is_cut ||
	       d->is_unfinished || d->undescribed_rows;
}
