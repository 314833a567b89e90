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
#include "gather/answers.h"
#include "gather/audit-events.h"
#include "gather/conn-history.h"
#include "gather/conn-story.h"
#include "gather/ends.h"
#include "gather/gather-part.h"
#include "gather/group-by.h"
#include "gather/netns-set.h"
#include "gather/reset-pairs.h"
#include "gather/timeline.h"
#include "gather/worst-conns.h"
#include "view/view.h"

/* What the tcp_info of a socket had grown to when the recording began. */
struct tcp_info_base {
	struct tcp_info_growth growth;
	bool may_have_syn; /* acked_bytes has the SYN of a connection that this host opened */
};

/* The tcp_info of each socket when the recording began. */
struct tcp_info_bases {
	struct map by_cookie; /* sock_cookie -> const struct tcp_info_base * */
	bool is_complete;     /* the dump at the start was complete: sockets not in it came later */
};

struct gathered {
	const struct view_context *context;
	uint64_t from_ns, to_ns;   /* the time that the report covers, by the tape's clock */
	uint64_t n_events;	   /* events in that time, without rows of sock_diag */
	struct audit_events audit; /* of the whole tape */
	struct counters total;
	struct groups groups[GROUP_BY_N]; /* of struct conn_group */
	/* Destinations of struct endpoint that answered before the recording began: this host has
	 * had connections to them since then. */
	struct groups answered_before;
	uint64_t n_ungrouped[GROUP_BY_N]; /* events and connections without room for their group */
	struct timeline timeline;
	struct conn_histories conn_histories;
	struct worst_conns worst_conns;
	const struct conn_pick *pick; /* the connections to gather; NULL: all, without a story */
	struct conn_story story;
	struct reset_pairs reset_pairs;
	struct answers answers;
	struct ends ends;
	struct tcp_info_bases bases;
	struct gather_parts parts; /* data that detectors gather for themselves */
	struct arena arena;
	uint8_t is_listening[65536 / 8]; /* one bit for each local port */
	uint32_t netns;			 /* a network namespace of the socket tables; 0: none */
	bool has_namespaces;		 /* the socket tables have sockets of several */
	struct netns_set served_in;	 /* of connections that this host did not open */
	struct netns_set called_in;	 /* and of those that it opened */
};

/* Sets up an empty struct. 0 or -ENOMEM; gathered_done() must follow even a failure. */
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

/* Notes that c, a connection, has been established since before the recording began, if this host
 * opened it. 0 or -ENOMEM. */
int gathered_note_answered(struct gathered *in, const struct tcp_conn *c) MUST_CHECK;
/* At the end: tells the groups of destinations that they answered before. */
void gathered_join_answered(struct gathered *in);

/* The user's names for addresses; NULL: there are none. */
static inline const struct labels *gathered_labels(const struct gathered *in)
{
	return in->context ? in->context->labels : NULL;
}
/* The subject that an event, or a whole connection, is attributed to. */
struct conn_subject gathered_subject(const struct gathered *in, const struct tcp_event *e);
struct conn_subject gathered_subject_of_conn(const struct gathered *in, const struct tcp_conn *c);
/* Finds the counters of the total and of each group that the subject belongs to. Missing groups are
 * made, up to a limit. 0 or -ENOMEM. */
int gathered_sets_of(struct gathered *in, const struct conn_subject *s,
		     struct counter_sets *ret) MUST_CHECK;

/* Notes that a detector has found another cause of x, a part of the counters of a connection. 0 or
 * -ENOMEM. */
int gathered_explain(struct gathered *in, const struct conn_subject *s,
		     const struct counters *x) MUST_CHECK;
/* The same of all connections of this host to a destination. */
int gathered_explain_calls(struct gathered *in, const struct endpoint *destination,
			   const struct counters *x) MUST_CHECK;

/* The group that the subject belongs to, or NULL where it belongs to none or has none yet. */
const struct conn_group *gathered_group(const struct gathered *in, enum group_by d,
					const struct conn_subject *s);

/* Finds the history of the event's connection, or begins one. *ret is NULL when the event belongs
 * to no connection of interest, or there is no room. 0 or -ENOMEM. */
int gathered_history(struct gathered *in, const struct tcp_event *e,
		     struct conn_history **ret) MUST_CHECK;
/* Whether the event is of a connection that is to be gathered. Not all is known of the connection
 * at its first events. */
bool gathered_wants_event(const struct gathered *in, const struct tcp_event *e);
/* Begins the history of a connection whose story may be told, and keeps the tcp_info that the event
 * has of it. 0 or -ENOMEM. */
int gathered_story_event(struct gathered *in, const struct tcp_event *e) MUST_CHECK;
/* Adds an entry to a history; does nothing if t is NULL. 0 or -ENOMEM. */
int gathered_history_event(struct gathered *in, const struct tcp_event *e, struct conn_history *t,
			   enum history_event_kind kind, uint8_t detail, uint32_t value) MUST_CHECK;

/* The number of the second, counted from from_ns, in which a time lies. Times beyond
 * GATHERED_SECONDS_MAX (12 days) count in the last second. */
#define GATHERED_SECONDS_MAX (1u << 20)
uint32_t gathered_second(const struct gathered *in, uint64_t ts_ns);
