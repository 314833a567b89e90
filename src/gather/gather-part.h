/* SPDX-License-Identifier: MIT */
/*
 * gather-part: something that is gathered for one detector alone. It has a state of its own, which
 * it keeps bounded, and gets the events and connections that the gather view sees. The room that
 * judges hands a list of parts in, so gather/ does not know who they are.
 */
#pragma once

#include "base/cleanup.h"
#include "gather/group-by.h"
#include "gather/tcp-info-growth.h"
#include "tcp/conn.h"
#include "tcp/event.h"

struct conn_history;
struct gathered;

/* An event, and what gathering has found out about it. */
struct gather_event {
	const struct tcp_event *e;
	bool is_in_window;
	bool passes_filter;
	/* What the event is attributed to: good if sets.n > 0, else it counts nowhere. */
	struct conn_subject subject;
	struct counter_sets sets;
	/* How much the figures of a socket grew, with its last figures; else NULL. */
	const struct tcp_info_growth *growth;
};

/* Should it be looked at? */
static inline bool gather_event_is_wanted(const struct gather_event *g)
{
	return g->is_in_window && g->passes_filter;
}

/* Did the attempt at a retransmission fail, so that nothing was sent? */
static inline bool gather_event_has_failed(const struct gather_event *g)
{
	return tcp_event_has(g->e, TCP_FIELD_ERR) && g->e->err;
}

/* Is it a retransmission that says that something was lost, or is late? A tail loss probe is sent
 * on mere suspicion. */
static inline bool gather_event_is_retransmission(const struct gather_event *g)
{
	return g->e->kind == TCP_KIND_RETRANSMIT && gather_event_is_wanted(g) &&
	       !gather_event_has_failed(g) && g->e->cause != TCP_CAUSE_TLP;
}

/* All callbacks but `event` and `conn` may be NULL, and of these one may. */
struct gather_part {
	size_t state_size;	  /* of a state that is zeroed first; 0: no part */
	int (*init)(void *state); /* 0 or -ENOMEM */
	tcp_kinds kinds;	  /* of the events that `event` gets */
	/* In time order, after the counters have been updated. 0 or -ENOMEM. */
	int (*event)(void *state, const struct gathered *in, const struct gather_event *g);
	/* A connection that is to be shown has ended, or is open at the end of the tape. history
	 * may be NULL. 0 or -ENOMEM. */
	int (*conn)(void *state, const struct gathered *in, const struct tcp_conn *c,
		    const struct conn_history *history);
	void (*done)(void *state);
};

/* The options of the gather view. */
struct gather_options {
	/* Part i; NULL after the last. One with a state_size of 0 is passed over. */
	const struct gather_part *(*part_at)(size_t i);
};

struct gather_part_state {
	const struct gather_part *part;
	void *state;
};

struct gather_parts {
	struct gather_part_state *items;
	size_t n, cap;
	tcp_kinds kinds; /* that any of them wants */
};

/* 0 or -ENOMEM; gather_parts_done releases them, after a failure too. */
int gather_parts_init(struct gather_parts *p, const struct gather_options *options) MUST_CHECK;
void gather_parts_done(struct gather_parts *p);
int gather_parts_event(const struct gather_parts *p, const struct gathered *in,
		       const struct gather_event *g) MUST_CHECK;
int gather_parts_conn(const struct gather_parts *p, const struct gathered *in,
		      const struct tcp_conn *c, const struct conn_history *history) MUST_CHECK;
/* The state of a part that is among them. */
void *gather_parts_state(const struct gather_parts *p, const struct gather_part *part);
