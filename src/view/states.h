/* SPDX-License-Identifier: MIT */
/*
 * states: the counts per TCP state, the queue of rows, and sockets that no process has any more,
 * private to the files of this view.
 */
#pragma once

#include "base/fifo.h"
#include "base/groups.h"
#include "base/histogram.h"
#include "view/subject.h"

/* The size of an array by TCP state: states are 1 to 12. */
#define STATES 13

struct state_count {
	int32_t state;
	uint64_t entered; /* changes to the state */
	uint64_t open;	  /* sockets that are still in the state at the end */
	bool hides_open;  /* `open` is a part of them, and is not shown */
	struct histogram spent_ns;
};

struct state_counts {
	struct state_count by_state[STATES];
	bool has_end_table; /* the tape has all sockets that were there at its end */
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

/*
 * Sockets that their process has closed and that wait in FIN_WAIT2 for the FIN of the peer. They go
 * to CLOSE, and live on as small TIME_WAIT sockets that no process has and of which no event tells
 * (tcp_time_wait); the table at the end shows those that are left, as FIN_WAIT2 without tcp_info.
 */
struct state_orphans {
	struct groups left; /* by their endpoints */
};

void state_orphans_init(struct state_orphans *s);
/* Remembers the socket of e, a change of state, if it goes to CLOSE only so. 0 or -ENOMEM. */
int state_orphans_note(struct state_orphans *s, const struct tcp_event *e) MUST_CHECK;
/* Whether e, a row of a table, is such a socket at the end of the tape; then *ret is its row, with
 * the process that had it and the time it has waited, if the tape shows how it came. */
bool state_orphans_row(const struct state_orphans *s, const struct tcp_event *e,
		       struct state_row *ret);
