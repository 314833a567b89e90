/* SPDX-License-Identifier: MIT */
/*
 * drain: moves records from all rings into batches. One drain takes the records that the rings hold
 * when it begins, so it ends even while new records arrive. When no batch is free it stops, the
 * records stay in the rings, and a later call continues the same drain; so no ring is neglected.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/chain-numbers.h"
#include "record/events.h"
#include "record/members.h"
#include "record/watermark.h"
#include "record/writer-thread.h"
#include "record/event-counts.h"
#include "record/tracepoints.h"
#include "record/troubled.h"

struct drain {
	struct events *events; /* borrowed, as are the next three */
	const struct tracepoints *tracepoints;
	struct writer_thread *writer_thread;
	struct event_counts *event_counts;
	struct troubled *troubled; /* gets rows of connections in trouble; NULL: nobody does */

	struct chain_numbers chain_numbers;
	struct members members;
	struct watermark watermark;
	struct batch *batch; /* the batch that is being filled; NULL: there is none */
	uint64_t *heads;     /* position in each CPU's ring where this drain ends */
	bool is_open;	     /* a drain has begun and is not complete */
	size_t next_cpu;     /* index in events->cpus of the ring at which the drain continues */
	uint64_t began_ns;
	uint64_t newest_ns;  /* the greatest time of a row given to the writer thread */
	uint64_t marked_ns;  /* complete_until of the last batch given to the writer thread */
	uint64_t rows, lost; /* so far, for the status */
};

/* d is {0} but for the borrowed members. */
int drain_init(struct drain *d, struct fault *fault) MUST_CHECK;
void drain_done(struct drain *d);

/* Begins a drain, or continues one. 1: the drain is complete; 0: no batch is free; -errno. */
int drain_run(struct drain *d, struct fault *fault) MUST_CHECK;
/* Returns the batch that is being filled, or a new one; NULL: no batch is free. */
struct batch *drain_batch(struct drain *d);
/* Makes room for n_rows more rows of this length without a call chain: a batch with too little room
 * is closed, and a new one taken. An empty batch must have room for them. False: no batch is
 * free. */
bool drain_room(struct drain *d, uint32_t n_rows, uint16_t row_len);
/* Adds a synthetic row, whose time is not before the start of this drain. Returns 1; 0: no batch is
 * free; -ENOMEM. */
int drain_add(struct drain *d, const struct batch_row *row) MUST_CHECK;
/* Gives the batch that is being filled to the writer thread; does nothing without one. */
void drain_close_block(struct drain *d);
/* Rows of a tracepoint so far, those of the batch that is being filled included. */
uint64_t drain_rows_of(const struct drain *d, uint16_t tracepoint);
/* True if complete_until has passed the newest row since the last MARK was written. A reader that
 * follows the tape cannot show that row before the next MARK. */
bool drain_needs_mark(const struct drain *d);
