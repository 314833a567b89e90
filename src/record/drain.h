/* SPDX-License-Identifier: MIT */
/*
 * drain: takes records out of all rings into batches. One drain takes what is there when it
 * begins; when no batch is free it stops, the records stay in the rings, and the same drain goes
 * on later: no ring starves, and every drain ends.
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
	struct batch *batch; /* being filled; NULL: none taken yet */
	uint64_t *heads;     /* where this drain ends, per CPU */
	bool is_open;	     /* stopped in the middle */
	size_t next_cpu;     /* where it goes on */
	uint64_t began_ns;
	uint64_t newest_ns;  /* of all rows given to the writer thread */
	uint64_t marked_ns;  /* complete_until of the last block given */
	uint64_t rows, lost; /* so far, for the status */
};

/* {0} with the borrowed ones filled in. */
int drain_init(struct drain *d, struct fault *fault) MUST_CHECK;
void drain_done(struct drain *d);

/* Begins a drain, or goes on with one: 1 it is complete; 0 no batch is free; -errno. */
int drain_run(struct drain *d, struct fault *fault) MUST_CHECK;
/* The batch being filled, for records beside the rows; NULL: none is free. */
struct batch *drain_batch(struct drain *d);
/* Is there a batch that takes so many rows more? Closes one that does not. */
bool drain_room(struct drain *d, uint32_t n_rows);
/* A row that came from elsewhere than a ring, of a time since this drain began: 1; 0: no batch is
 * free; -ENOMEM. */
int drain_add(struct drain *d, const struct batch_row *row) MUST_CHECK;
/* Closes the block and gives it to the writer thread; no-op without a batch. */
void drain_close_block(struct drain *d);
/* The moment up to which readers may show what they have lies behind the newest row. */
bool drain_needs_mark(const struct drain *d);
