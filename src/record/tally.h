/* SPDX-License-Identifier: MIT */
/*
 * tally: the accounting identity per tracepoint and CPU: what the kernel counted = rows that we
 * took + what it lost + what it never delivered.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/batch.h"
#include "record/events.h"

struct tally {
	const struct events *events; /* borrowed */
	size_t n_made;		     /* tracepoints behind those of events */
	uint64_t *rows;		     /* [tracepoint * n_cpus + place of the CPU] */
	uint32_t *place_of_cpu;	     /* by CPU number */
};

struct tally_sums {
	uint64_t counted, recorded, lost, undelivered;
};

int tally_init(struct tally *t, const struct events *e, size_t n_made,
	       struct fault *fault) MUST_CHECK;
void tally_done(struct tally *t);
/* The rows of a batch that goes to the scribe. */
void tally_count(struct tally *t, const struct batch *b);
/*
 * Reads every event's count. records (may be NULL) get one record each, of this time and with
 * these TALLY_* flags. Without per-event losses those of a ring are divided among its events by
 * what each has short.
 */
int tally_read(const struct tally *t, uint64_t now, uint8_t flags, struct batch_records *records,
	       struct tally_sums *ret, struct fault *fault) MUST_CHECK;
