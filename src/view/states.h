/* SPDX-License-Identifier: MIT */
/*
 * states: the counts per state and the queue of rows, which the files of the view share. Private to
 * them.
 */
#pragma once

#include "base/fifo.h"
#include "base/histogram.h"
#include "view/subject.h"

/* TCP states are 1 to 12. */
#define STATES 13

struct state_count {
	int32_t state;
	uint64_t entered;
	uint64_t open; /* sockets that are still in the state at the end */
	struct histogram spent_ns;
};

struct state_counts {
	struct state_count by_state[STATES];
};

/* The table of counts. t stays the caller's. */
int state_counts_emit(struct state_counts *s, struct view_table *t, struct table_sink *out,
		      struct fault *fault) MUST_CHECK;

struct state_row {
	struct subject subject;
	int32_t oldstate, newstate; /* 0: none, the socket is still in the old one */
	bool has_spent;
	uint64_t spent_ns;   /* in the old state */
	uint64_t seconds_us; /* since the start of the tape */
	const struct tcp_conn
		*waits_for; /* for the local port of this one; NULL: the row is ready */
};

/* The first row of the queue, if it is ready or has waited long enough; else NULL. Rows are in the
 * order of time. {.size = sizeof(struct state_row)} is a valid empty queue. */
struct state_row *state_queue_ready(struct fifo *q, uint64_t now_ns, bool is_live);
/* Nothing more will be learned of c: rows that wait for it take its local end and are ready. */
void state_queue_decide(struct fifo *q, const struct tcp_conn *c);
