/* SPDX-License-Identifier: MIT */
/*
 * states: the counts per TCP state and the queue of rows, private to the files of this view.
 */
#pragma once

#include "base/fifo.h"
#include "base/histogram.h"
#include "view/subject.h"

/* The size of an array by TCP state: states are 1 to 12. */
#define STATES 13

struct state_count {
	int32_t state;
	uint64_t entered; /* changes to the state */
	uint64_t open;	  /* sockets that are still in the state at the end */
	struct histogram spent_ns;
};

struct state_counts {
	struct state_count by_state[STATES];
};

/* Emits the table of counts. t is memory of the caller's for its columns. */
int state_counts_emit(struct state_counts *s, struct view_table *t, struct table_sink *out,
		      struct fault *fault) MUST_CHECK;

struct state_row {
	struct subject subject;
	int32_t oldstate, newstate; /* newstate 0: none, the socket is still in oldstate */
	bool has_spent;		    /* spent_ns is known */
	uint64_t spent_ns;	    /* time spent in oldstate */
	uint64_t seconds_us;	    /* microseconds since the start of the tape */
	/* The row waits until this connection's local port is known. NULL: the row is ready. */
	const struct tcp_conn *waits_for;
};

/* The first row of the queue, if it is ready or has waited long enough; else NULL. Rows are in the
 * order of time. {.size = sizeof(struct state_row)} is a valid empty queue. */
struct state_row *state_queue_ready(struct fifo *q, uint64_t now_ns, bool is_live);
/* c is complete: the rows that wait for it get its local endpoint and are ready. */
void state_queue_decide(struct fifo *q, const struct tcp_conn *c);
