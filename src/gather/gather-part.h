/* SPDX-License-Identifier: MIT */
/*
 * gather-part: the part of gathering that one detector alone needs. A part keeps a state of bounded
 * size, and gets the events and connections that the gather view gets. The list of parts is passed
 * in with the options, so gather/ does not depend on any detector.
 */
#pragma once

#include "base/cleanup.h"
#include "gather/group-by.h"
#include "gather/tcp-info-growth.h"
#include "tcp/conn.h"
#include "tcp/event.h"

struct conn_history;
struct conn_pick;
struct gathered;
struct history_limits;

/* An event with the counters that it is attributed to. */
struct gather_event {
	const struct tcp_event *e;
	bool is_in_window;
	bool passes_filter;
	/* The connection that the event is attributed to. Both are valid only if sets.n > 0;
	 * otherwise the event counts nowhere. */
	struct conn_subject subject;
	struct counter_sets sets;
	/* How much the socket's tcp_info grew, if the event has its last tcp_info; else NULL. */
	const struct tcp_info_growth *growth;
};

/* True if the event is in the time window and passes the filter. */
static inline bool gather_event_is_wanted(const struct gather_event *g)
{
	return g->is_in_window && g->passes_filter;
}

/* True if the attempt at a retransmission failed, so that nothing was sent. */
static inline bool gather_event_has_failed(const struct gather_event *g)
{
	return tcp_event_has(g->e, TCP_FIELD_ERR) && g->e->err;
}

/* True if the event is a retransmission of a segment that was lost or is late. Tail loss probes do
 * not count: they are sent before a loss is known. */
static inline bool gather_event_is_retransmission(const struct gather_event *g)
{
	return g->e->kind == TCP_KIND_RETRANSMIT && gather_event_is_wanted(g) &&
	       !gather_event_has_failed(g) && g->e->cause != TCP_CAUSE_TLP;
}

/* Extends a span of time, which is {0, 0} while nothing has happened, to ts_ns. */
static inline void gather_span(uint64_t *first_ns, uint64_t *last_ns, uint64_t ts_ns)
{
	if (!*first_ns)
		*first_ns = ts_ns;
	*last_ns = ts_ns;
}

/* Each callback may be NULL; kinds must be 0 if `event` is. */
struct gather_part {
	size_t state_size;	  /* bytes of the state, which is zeroed first; 0: no part */
	int (*init)(void *state); /* 0 or -ENOMEM */
	tcp_kinds kinds;	  /* the kinds of events that `event` gets */
	/* Gets each event in the order of time, after the counters are updated. 0 or -ENOMEM. */
	int (*event)(void *state, const struct gathered *in, const struct gather_event *g);
	/* Gets each connection that is to be shown, when it has ended or at the end of the tape.
	 * history may be NULL. 0 or -ENOMEM. */
	int (*conn)(void *state, const struct gathered *in, const struct tcp_conn *c,
		    const struct conn_history *history);
	/* Called once, after the last event and connection, to say with gathered_explain() which
	 * part of the counters has a cause that this detector tells. 0 or -ENOMEM. */
	int (*end)(void *state, struct gathered *in);
	void (*done)(void *state);
};

/* The options of the gather view. */
struct gather_options {
	/* Returns part i; NULL: there are no more. A part with a state_size of 0 is skipped. NULL:
	 * there are no parts. */
	const struct gather_part *(*part_at)(size_t i);
	/* The connections to gather; all others are left out. A story is told of the worst of them:
	 * each has a history, whatever happens to it. NULL: there is no story, and no
	 * connection is left out. */
	const struct conn_pick *pick;
	const struct history_limits *limits; /* NULL: those of a report */
};

struct gather_part_state {
	const struct gather_part *part;
	void *state;
};

struct gather_parts {
	struct gather_part_state *items;
	size_t n, cap;
	tcp_kinds kinds; /* the kinds of events that any part wants */
};

/* Makes the states of all parts. 0 or -ENOMEM; gather_parts_done() must follow even a failure. */
int gather_parts_init(struct gather_parts *p, const struct gather_options *options) MUST_CHECK;
void gather_parts_done(struct gather_parts *p);
int gather_parts_event(const struct gather_parts *p, const struct gathered *in,
		       const struct gather_event *g) MUST_CHECK;
int gather_parts_conn(const struct gather_parts *p, const struct gathered *in,
		      const struct tcp_conn *c, const struct conn_history *history) MUST_CHECK;
int gather_parts_end(const struct gather_parts *p, struct gathered *in) MUST_CHECK;
/* Returns the state of a part, which must be one of p's. */
void *gather_parts_state(const struct gather_parts *p, const struct gather_part *part);
