/* SPDX-License-Identifier: MIT */
/*
 * retrans: the rows of the view, one for each event, and its counts per group, which its files
 * share. Private to them.
 */
#pragma once

#include "base/groups.h"
#include "base/text.h"
#include "view/columns.h"
#include "view/event-names.h"
#include "view/view.h"

/* What is shown beside retransmissions (probes, failed attempts), and what of each. */
struct retrans_shows {
	bool probes;
	bool failed;
	bool stacks;
	bool rto;
};

/* A line for each event. {0} is a valid empty one. */
struct retrans_rows {
	struct view_table table;
	struct event_names names;
	struct text rto;
};

void retrans_rows_done(struct retrans_rows *r);
int retrans_rows_begin(struct retrans_rows *r, const struct retrans_shows *shows,
		       struct table_sink *out, struct fault *fault) MUST_CHECK;
int retrans_rows_put(struct retrans_rows *r, const struct tcp_event *e, struct table_sink *out,
		     struct fault *fault) MUST_CHECK;
/* Whether the timeout of e is known, and is not the same as that before. */
bool retrans_has_new_rto(const struct tcp_event *e);

enum retrans_group {
	RETRANS_BY_FLOW,
	RETRANS_BY_PEER,
	RETRANS_BY_PREFIX, /* /24 of IPv4, /64 of IPv6 */
	RETRANS_BY_PORT,   /* the lower one */
	RETRANS_BY_LPORT,
	RETRANS_BY_RPORT,
	RETRANS_BY_PROCESS,
	RETRANS_BY_CAUSE,
	RETRANS_GROUPS,
};

/* The words of --group. */
extern const char *const retrans_groups[RETRANS_GROUPS];

/* What the events of a group have in common; the rest is zero, padding too. */
struct retrans_key {
	struct endpoint local, remote;
	int32_t pid;
	char comm[16]; /* "": unknown */
	enum tcp_cause cause;
};

/* Events per group and cause. retrans_counts_init() makes an empty one. */
struct retrans_counts {
	enum retrans_group group;
	struct groups groups;
	struct view_table table;
};

/* The events of a group. */
struct retrans_count {
	struct retrans_key key;
	uint64_t total; /* retransmissions of lost data */
	uint64_t n_probes;
	uint64_t n_failed;
	uint64_t by_cause[TCP_CAUSE_N];
};

void retrans_counts_init(struct retrans_counts *c, enum retrans_group group);
void retrans_counts_done(struct retrans_counts *c);
/* 0 or -ENOMEM. */
int retrans_counts_add(struct retrans_counts *c, const struct tcp_event *e) MUST_CHECK;
/* The table, the group with most retransmissions first. Probes and failed attempts have columns of
 * their own, where they are shown at all. */
int retrans_counts_emit(struct retrans_counts *c, const struct retrans_shows *shows,
			struct table_sink *out, struct fault *fault) MUST_CHECK;

/* retrans-groups.c: the key of an event's group, and an order of keys; 0: they are equal. */
struct retrans_key retrans_key_of(enum retrans_group group, const struct tcp_event *e);
int retrans_key_compare(const struct retrans_key *a, const struct retrans_key *b);

static inline bool retrans_is_failed(const struct tcp_event *e)
{
	return tcp_event_has(e, TCP_FIELD_ERR) && e->err;
}
