/* SPDX-License-Identifier: MIT */
/*
 * gathered: everything that a report rests on, gathered from a tape in one pass and bounded memory:
 * counters of all connections and per peer, network, port, destination and process, a timeline, the
 * histories of single connections, and what detectors gather for themselves. It judges nothing:
 * detectors do.
 */
#pragma once

#include "base/arena.h"
#include "base/groups.h"
#include "gather/conn-history.h"
#include "gather/gather-part.h"
#include "gather/group-by.h"
#include "gather/timeline.h"
#include "gather/worst-conns.h"
#include "view/view.h"

/* What the kernel had counted of each socket when the recording began. */
struct tcp_info_bases {
	struct map by_cookie; /* of pointers to struct tcp_info_base, as integers */
	bool is_complete; /* the table at the start was whole: sockets that it lacks came later */
};

struct gathered {
	const struct view_context *context;
	uint64_t from_ns, to_ns; /* tape clock: the time that was looked at */
	uint64_t n_events;	 /* in that time; rows of sock_diag do not count */
	struct counters total;
	struct groups groups[GROUP_BY_N]; /* of struct conn_group */
	uint64_t n_ungrouped[GROUP_BY_N]; /* what no group counts, as there were too many groups */
	struct timeline timeline;
	struct conn_histories conn_histories;
	struct worst_conns worst_conns;
	struct tcp_info_bases bases;
	struct gather_parts parts; /* what detectors gather for themselves */
	struct arena arena;
	uint8_t is_listening[65536 / 8]; /* one bit for each local port */
};

/* 0 or -ENOMEM; gathered_done releases it, after a failure too. */
int gathered_init(struct gathered *in, const struct view_context *context,
		  const struct gather_options *options) MUST_CHECK;
void gathered_done(struct gathered *in);
/* Begins the timeline at the first event, when the wall time of the tape's clock is known. 0 or
 * -ENOMEM. */
int gathered_begin(struct gathered *in, uint64_t ts_ns) MUST_CHECK;
static inline bool gathered_has_begun(const struct gathered *in)
{
	return in->timeline.values;
}

void gathered_note_listening(struct gathered *in, uint16_t port);
bool gathered_is_listening(const struct gathered *in, uint16_t port);

/* The connection that an event, or that a connection itself, is attributed to. */
struct conn_subject gathered_subject(const struct gathered *in, const struct tcp_event *e);
struct conn_subject gathered_subject_of_conn(const struct gathered *in, const struct tcp_conn *c);
/* The counters of the total and of each group that the subject belongs to. Makes groups that are
 * not there yet, up to a limit. 0 or -ENOMEM. */
int gathered_sets_of(struct gathered *in, const struct conn_subject *s,
		     struct counter_sets *ret) MUST_CHECK;

/* The history of the event's connection, made if need be. *ret is NULL where the event belongs to
 * no connection that is of interest, or there is no room. 0 or -ENOMEM. */
int gathered_history(struct gathered *in, const struct tcp_event *e,
		     struct conn_history **ret) MUST_CHECK;
/* Adds an entry to a history; does nothing where t is NULL. 0 or -ENOMEM. */
int gathered_history_event(struct gathered *in, const struct tcp_event *e, struct conn_history *t,
			   enum history_event_kind kind, uint8_t detail, uint32_t value) MUST_CHECK;

/* The second after from_ns in which a time lies. No recording is longer; later times count as the
 * last second. */
#define GATHERED_SECONDS_MAX (1u << 20)
uint32_t gathered_second(const struct gathered *in, uint64_t ts_ns);
