/* SPDX-License-Identifier: MIT */
/*
 * drain: takes records out of all rings into batches. One drain takes the records that are there
 * when it begins. When no batch is free it stops, the records stay in the rings, and the same drain
 * goes on later; so no ring is neglected, and every drain ends.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/chain-numbers.h"
#include "record/events.h"
#include "record/watermark.h"
#include "record/writer-thread.h"
#include "record/event-counts.h"
#include "record/tracepoints.h"

struct drain {
	struct events *events; /* borrowed, all of these */
	const struct tracepoints *tracepoints;
	struct writer_thread *writer_thread;
	struct event_counts *event_counts;

	struct chain_numbers chain_numbers;
	struct watermark watermark;
	struct batch *batch; /* the one that is being filled; NULL: none */
	uint64_t *heads;     /* position in each CPU's ring where this drain ends */
	bool is_open;	     /* a drain has begun and is not complete */
	size_t next_cpu;     /* the place in events->cpus where it goes on */
	uint64_t began_ns;
	uint64_t newest_ns;  /* the greatest time of a row given to the writer thread */
	uint64_t marked_ns;  /* complete_until of the last batch given to the writer thread */
	uint64_t rows, lost; /* so far, for the status */
};

/* d is {0} but for the borrowed members. */
int drain_init(struct drain *d, struct fault *fault) MUST_CHECK;
void drain_done(struct drain *d);

/* Begins a drain, or goes on with one. 1: it is complete; 0: no batch is free; -errno. */
int drain_run(struct drain *d, struct fault *fault) MUST_CHECK;
/* The batch that is being filled, or a new one, for records beside the rows; NULL: none is free. */
struct batch *drain_batch(struct drain *d);
/* Makes room for n_rows more rows: closes a batch that has too little and takes a new one.
 * False: no batch is free. */
bool drain_room(struct drain *d, uint32_t n_rows);
/* Adds a synthetic row, of a time since this drain began. 1; 0: no batch is free; -ENOMEM. */
int drain_add(struct drain *d, const struct batch_row *row) MUST_CHECK;
/* Gives the batch that is being filled to the writer thread; does nothing without one. */
void drain_close_block(struct drain *d);
/* Has complete_until passed the newest row since the last MARK was written? Until the next MARK a
 * reader that follows the tape cannot show that row. */
bool drain_needs_mark(const struct drain *d);
