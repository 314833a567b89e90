/* SPDX-License-Identifier: MIT */
/*
 * top: its options, the groups of one interval and their counts, private to the files of this view.
 */
#pragma once

#include "base/groups.h"
#include "view/conn-key.h"
#include "view/subject.h"
#include "view/view.h"

enum top_sort {
	TOP_SORT_BYTES,
	TOP_SORT_SENT,
	TOP_SORT_RECEIVED,
	TOP_SORT_RETRANS,
	TOP_SORT_RESETS,
	TOP_SORT_CONNECTS,
	TOP_SORTS,
};
extern const char *const top_sorts[TOP_SORTS];

struct top_options {
	const char *interval;
	uint64_t intervals;
	const char *sort;
	const char *group;
	uint64_t rows;
	bool no_clear;
	bool no_summary;
};
enum { TOP_N_OPTIONS = 7 };
extern const struct option_spec top_options[TOP_N_OPTIONS];

/* What the options ask for, words and times read. */
struct top_choice {
	enum conn_key_by group;
	enum top_sort sort;
	bool is_sort_chosen;
	uint64_t length_ns; /* of an interval */
	uint64_t rows;	    /* of an interval, at most */
};
int top_choose(const struct top_options *o, const struct view_context *context,
	       struct top_choice *ret, struct fault *fault) MUST_CHECK;

struct top_sums {
	uint64_t tx, rx, retrans, resets, opened, closed;
};

/* The sums that the event adds to its group. False: the event is not counted. */
bool top_sums_of(const struct tcp_event *e, struct top_sums *ret);
void top_sums_add(struct top_sums *to, const struct top_sums *s);

struct top_item {
	struct conn_key key;
	struct subject subject; /* the connection of the group that was counted last */
	const char *subflow;	/* its tcp_subflow_name(); NULL: none */
	uint64_t mptcp_token;	/* 0: unknown */
	bool has_main;		/* the subject is the main socket of an MPTCP connection */
	struct top_sums sums;
};

/* An array of the items in the order of the output, which the caller frees. NULL: out of memory. */
struct top_item **top_sorted(const struct groups *g, enum top_sort sort);

struct top_interval {
	uint64_t start_ns, length_ns;
	bool has_bytes; /* the tape has the send and receive calls */
};

/* Begin the table of a kind of group, and emit a row of it. */
int top_begin(struct view_table *t, enum conn_key_by group, struct table_sink *out,
	      struct fault *fault) MUST_CHECK;
int top_put(struct view_table *t, const struct top_item *item, const struct top_interval *i,
	    struct table_sink *out, struct fault *fault) MUST_CHECK;

/*
 * What the kernel counted for whole connections, without saying when: more than the intervals have.
 */
struct top_uncounted {
	uint64_t n_conns, bytes; /* connections whose bytes no call on the tape moved; the bytes */
	uint64_t n_joins;	 /* subflows of MPTCP connections, but for the first ones */
	uint64_t n_events, n_segs; /* retransmissions: events, and segments by the kernel's count */
};
void top_uncounted_add(struct top_uncounted *u, const struct view_context *context,
		       const struct tcp_conn *c);
/* Emits the notes that say it, if there is something to say. */
int top_uncounted_put(const struct top_uncounted *u, const struct view_context *context,
		      struct table_sink *out, struct fault *fault) MUST_CHECK;
