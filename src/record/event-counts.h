/* SPDX-License-Identifier: MIT */
/*
 * event-counts: accounts for every hit of every tracepoint on every CPU: hits that the kernel
 * counted = rows that were recorded + hits that the kernel lost + hits that it never delivered.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/batch.h"
#include "record/events.h"

struct event_counts {
	const struct events *events; /* borrowed */
	size_t n_synthetic;	     /* synthetic tracepoints, after those of events */
	uint64_t *rows;		     /* [tracepoint * n_cpus + index of the CPU in events->cpus] */
	uint32_t *place_of_cpu;	     /* CPU number -> index in events->cpus */
};

/* Sums over all tracepoints and CPUs, without synthetic rows. */
struct event_count_sums {
	uint64_t counted, recorded, lost, undelivered;
};

int event_counts_init(struct event_counts *t, const struct events *e, size_t n_synthetic,
		      struct fault *fault) MUST_CHECK;
void event_counts_done(struct event_counts *t);
/* Counts the rows of a batch, which is about to be given to the writer thread. */
void event_counts_add(struct event_counts *t, const struct batch *b);
/* Rows of a tracepoint in the batches that were counted so far. */
uint64_t event_counts_rows(const struct event_counts *t, size_t tracepoint);
/*
 * Reads the counts of all events into *ret, and appends a TALLY record per tracepoint and CPU to
 * out (may be NULL), with the time now and these TALLY_* flags. Where the kernel does not count
 * losses per event (before Linux 6.0), the losses of a ring are divided among its events in
 * proportion to the hits that each event is missing.
 */
int event_counts_read(const struct event_counts *t, uint64_t now, uint8_t flags,
		      struct batch_records *out, struct event_count_sums *ret,
		      struct fault *fault) MUST_CHECK;
