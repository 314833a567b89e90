/* SPDX-License-Identifier: MIT */
/*
 * record-loop: the loop of a running recording: rings, clock, signals, the command, the writer thread's news.
 * Decides when a block closes; moves bytes, and nothing else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/child.h"
#include "record/drain.h"
#include "record/session.h"
#include "record/sockets.h"

/* A block waits for company so long, in a file; records without rows longer. */
#define RECORD_LOOP_BLOCK_AGE_NS   (300 * NSEC_PER_MSEC)
#define RECORD_LOOP_RECORDS_AGE_NS (5 * NSEC_PER_SEC)
#define RECORD_LOOP_PERIOD_NS	   (100 * NSEC_PER_MSEC)
#define RECORD_LOOP_TALLY_NS	   (60 * NSEC_PER_SEC)
/* A stream says at least so often how far it has come, even if nothing happens. */
#define RECORD_LOOP_MARK_NS (200 * NSEC_PER_MSEC)

struct record_loop {
	struct drain *drain; /* borrowed, all of these */
	struct sockets *sockets;
	struct child *child;
	const struct record_options *options;
	int signals; /* signalfd: SIGINT, SIGTERM, SIGCHLD */
	bool is_stream;

	uint64_t started_ns;
	uint64_t status_ns;   /* of the last call */
	uint64_t status_rows; /* at that time */
	uint64_t tally_ns;
	uint64_t given_ns; /* the last block */
	bool is_stopped;
};

/* {0} with the borrowed ones filled in. Runs until it is told to stop, or -errno. */
int record_loop_run(struct record_loop *p, struct fault *fault) MUST_CHECK;
/* The events are off: takes what is left in the rings, and closes the last block. */
int record_loop_finish(struct record_loop *p, struct fault *fault) MUST_CHECK;
