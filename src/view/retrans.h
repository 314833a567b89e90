/* SPDX-License-Identifier: MIT */
/*
 * retrans: the rows of the view, one for each event, and its counts per group, private to the files
 * of this view.
 */
#pragma once

#include "base/groups.h"
#include "base/text.h"
#include "view/columns.h"
#include "view/event-names.h"
#include "view/view.h"

/* What the options ask for in addition to retransmissions and their usual columns. */
struct retrans_shows {
	bool probes; /* lines for tail loss probes */
	bool failed; /* lines for failed attempts */
	bool stacks; /* the call chain of each line */
	bool rto;    /* the timeout of each line */
};

/* The table with a row for each event. {0} is a valid empty one. */
struct retrans_rows {
	struct view_table table;
	struct event_names names;
	struct text rto;
};

void retrans_rows_done(struct retrans_rows *r);
int retrans_rows_begin(struct retrans_rows *r, const struct retrans_shows *shows,
		       struct table_sink *out, struct fault *fault) MUST_CHECK;
/* Emits the row of e. */
int retrans_rows_put(struct retrans_rows *r, const struct tcp_event *e, struct table_sink *out,
		     struct fault *fault) MUST_CHECK;
/* Whether the length of e's timeout is known, and differs from that of the timeout before. */
bool retrans_has_new_rto(const struct tcp_event *e);

enum retrans_group {
	RETRANS_BY_FLOW,
	RETRANS_BY_PEER,
	RETRANS_BY_PREFIX, /* /24 of IPv4, /64 of IPv6 */
	RETRANS_BY_PORT,   /* the lower port of both ends, mostly that of the service */
	RETRANS_BY_LPORT,
	RETRANS_BY_RPORT,
	RETRANS_BY_PROCESS,
	RETRANS_BY_CAUSE,
	RETRANS_BY_CONTAINER, /* of the owner; a systemd unit where it is in no container */
	RETRANS_BY_LABEL,     /* the user's name for the peer */
	RETRANS_GROUPS,
};

/* The words of --group. */
extern const char *const retrans_groups[RETRANS_GROUPS];

/* The parts that the events of a group have in common; all else is zero, padding too. */
struct retrans_key {
	struct endpoint local, remote;
	int32_t pid;
	char comm[16]; /* "": unknown */
	enum tcp_cause cause;
	const char *container, *unit; /* see struct owner_cgroup; the unit outside of containers */
	const char *label;	      /* NULL: the peer has none */
};

/* The counts of events per group and cause. retrans_counts_init() makes an empty struct. */
struct retrans_counts {
	enum retrans_group group;
	const struct labels *labels; /* NULL: there are none */
	struct groups groups;
	struct view_table table;
};

/* The counts of one group. */
struct retrans_count {
	struct retrans_key key;
	uint64_t total;	   /* retransmissions, without probes and failed attempts */
	uint64_t n_probes; /* tail loss probes */
	uint64_t n_failed; /* failed attempts */
	uint64_t n_segs;   /* segments, by the kernel's figures; 0: none, or not known */
	uint64_t by_cause[TCP_CAUSE_N];
};

void retrans_counts_init(struct retrans_counts *c, enum retrans_group group,
			 const struct labels *labels);
void retrans_counts_done(struct retrans_counts *c);
/* Counts e in its group. 0 or -ENOMEM. */
int retrans_counts_add(struct retrans_counts *c, const struct tcp_event *e) MUST_CHECK;
/* Counts n segments in the group of a row of sock_diag; groups that such a row does not tell have
 * none. 0 or -ENOMEM. */
int retrans_counts_add_segs(struct retrans_counts *c, const struct tcp_event *e,
			    uint64_t n) MUST_CHECK;
/* Emits the table, the group with most retransmissions first. Probes and failed attempts have
 * columns of their own, if `shows` has them. */
int retrans_counts_emit(struct retrans_counts *c, const struct retrans_shows *shows,
			struct table_sink *out, struct fault *fault) MUST_CHECK;

/* retrans-groups.c: the key of an event's group, and the order of keys (0: they are equal). */
struct retrans_key retrans_key_of(enum retrans_group group, const struct tcp_event *e,
				  const struct labels *labels);
int retrans_key_compare(const struct retrans_key *a, const struct retrans_key *b);

static inline bool retrans_is_failed(const struct tcp_event *e)
{
	return tcp_event_has(e, TCP_FIELD_ERR) && e->err;
}
