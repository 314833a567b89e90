/* SPDX-License-Identifier: MIT */
/*
 * record-loop: the loop of a running recording. It waits for rings that fill, the timer, signals,
 * the command's end and the writer thread, drains the rings, and decides when a block is closed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/child.h"
#include "record/clock-steps.h"
#include "record/counter-readings.h"
#include "record/cpu-watch.h"
#include "record/drain.h"
#include "record/priority.h"
#include "record/record-options.h"
#include "record/samples.h"
#include "record/sockets.h"

/* Maximum age of an open block when writing to a file. A block that has records but no rows may be
 * older. */
#define RECORD_LOOP_BLOCK_AGE_NS   (300 * NSEC_PER_MSEC)
#define RECORD_LOOP_RECORDS_AGE_NS (5 * NSEC_PER_SEC)
/* Longest time between two drains of the rings. */
#define RECORD_LOOP_PERIOD_NS (100 * NSEC_PER_MSEC)
/* Time between two recordings of the clocks and of the event counts. */
#define RECORD_LOOP_COUNTS_NS (60 * NSEC_PER_SEC)
/* Longest time between two MARKs of a stream, even if nothing happens. */
#define RECORD_LOOP_MARK_NS (200 * NSEC_PER_MSEC)

struct record_loop {
	struct drain *drain; /* this and the next seven are borrowed */
	struct sockets *sockets;
	struct samples *samples; /* NULL: none are taken */
	struct clock_steps *clock_steps;
	struct cpu_watch *cpus;
	struct counter_readings *counters;
	struct priority *priority;
	struct child *child;
	const struct record_options *options;
	int signals;	/* signalfd of signals_take() */
	bool is_stream; /* the tape goes to a pipe, and a reader may be following it */

	uint64_t started_ns;
	uint64_t status_ns;   /* time of the last call of options->status */
	uint64_t status_rows; /* rows at that time */
	uint64_t counts_ns;   /* time when the counts were last recorded */
	uint64_t closed_ns;   /* time when the last block was closed */
	bool is_stopped;
};

/* l is {0} but for the members before started_ns. Runs until a signal, the command's end, the
 * end of the duration, or a failure of the writer thread. 0 or -errno. */
int record_loop_run(struct record_loop *l, struct fault *fault) MUST_CHECK;
/* After the events are disabled: takes the records that are left in the rings, and closes the last
 * block. */
int record_loop_finish(struct record_loop *l, struct fault *fault) MUST_CHECK;
