/* SPDX-License-Identifier: MIT */
/*
 * event-counts: the accounting identity per tracepoint and CPU: what the kernel counted = rows that we
 * took + what it lost + what it never delivered.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/batch.h"
#include "record/events.h"

struct event_counts {
	const struct events *events; /* borrowed */
	size_t n_synthetic;	     /* tracepoints behind those of events */
	uint64_t *rows;		     /* [tracepoint * n_cpus + place of the CPU] */
	uint32_t *place_of_cpu;	     /* by CPU number */
};

struct event_count_sums {
	uint64_t counted, recorded, lost, undelivered;
};

int event_counts_init(struct event_counts *t, const struct events *e, size_t n_synthetic,
		      struct fault *fault) MUST_CHECK;
void event_counts_done(struct event_counts *t);
/* The rows of a batch that goes to the writer thread. */
void event_counts_add(struct event_counts *t, const struct batch *b);
/*
 * Reads every event's count. records (may be NULL) get one record each, of this time and with
 * these TALLY_* flags. Without per-event losses those of a ring are divided among its events by
 * what each has short.
 */
int event_counts_read(const struct event_counts *t, uint64_t now, uint8_t flags,
		      struct batch_records *records, struct event_count_sums *ret,
		      struct fault *fault) MUST_CHECK;
