/* SPDX-License-Identifier: MIT */
/*
 * samples: looks once a second at the sockets that matter while something goes wrong: all
 * listeners, for their accept queues, and the connections that are in trouble (record/troubled.h),
 * for all figures. It finds connections in trouble by the rows of retransmissions, and by a slow
 * walk over all connections, for those whose peer has shut its window. All of it together has a
 * budget of CPU time, the kernel's part included: where that does not suffice, samples become
 * rarer. The rows are those of sock_diag:tcp_sample.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "record/sample-budget.h"
#include "record/sample-queues.h"
#include "record/sample-spaces.h"
#include "record/sample-walk.h"
#include "record/socket-rows.h"
#include "record/sockets.h"
#include "record/troubled.h"

/* Parts per million of one CPU for the walk over all connections, and for all else; what each may
 * save up is what some seconds give. The kernel's table may be so large that one walk takes more
 * than that: the next one then begins later. */
#define SAMPLES_PPM	      1000u
#define SAMPLES_SAVED_NS      (5 * NSEC_PER_MSEC)
#define SAMPLES_WALK_PPM      300u
#define SAMPLES_WALK_SAVED_NS (2 * NSEC_PER_MSEC)

#define SAMPLES_PERIOD_NS     NSEC_PER_SEC
#define SAMPLES_WALK_NS	      (2 * NSEC_PER_SEC)  /* from one walk to the next, at least */
#define SAMPLES_TELL_QUIET_NS (60 * NSEC_PER_SEC) /* between two rows that say: nothing */

/* What is done, a step at a time, in turn. */
enum sample_job {
	SAMPLE_JOB_CONNS,
	SAMPLE_JOB_LISTENERS,
	SAMPLE_JOB_WALK,
	SAMPLE_JOB_N,
};

/* {0} is valid, and takes no samples. */
struct samples {
	struct socket_rows *rows; /* borrowed, as is the next one; NULL: no samples */
	const struct socket_spaces *list;
	struct sample_spaces spaces;
	struct sample_budget budget, walk_budget;
	struct troubled troubled;
	struct sample_queues queues;
	uint8_t *buffer;

	struct {
		bool is_running;
		uint64_t began_ns; /* 0: never */
		size_t space;	   /* where it goes on; an index into spaces */
	} jobs[SAMPLE_JOB_N];
	uint32_t round; /* of questions about connections */
	struct sample_walk walk;

	/* Since the last row that says up to when samples were taken: */
	uint64_t told_ns;
	uint32_t n_rounds;   /* times that all listeners were looked at */
	uint32_t n_rows;     /* samples */
	uint64_t n_left_out; /* troubled.n_left_out at that time */
};

#define SAMPLES_INIT                                                                               \
	{                                                                                          \
		.budget = {.ppm = SAMPLES_PPM, .saved_ns = SAMPLES_SAVED_NS},                      \
		.walk_budget = {.ppm = SAMPLES_WALK_PPM, .saved_ns = SAMPLES_WALK_SAVED_NS},       \
		.walk = SAMPLE_WALK_INIT,                                                          \
	}

/* Begins to take samples, where sockets are recorded. Borrows sockets. 0 or -ENOMEM. */
int samples_begin(struct samples *s, struct sockets *sockets, struct fault *fault) MUST_CHECK;
void samples_done(struct samples *s);
/* Does what is due and in the budget. Called after a complete drain, while no dump is under way. 0
 * or -errno. */
int samples_turn(struct samples *s, uint64_t now, struct fault *fault) MUST_CHECK;
