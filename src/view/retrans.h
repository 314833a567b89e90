/* SPDX-License-Identifier: MIT */
/*
 * retrans: what the files of the view share: its rows, one for each event, and its counts per
 * group. Private to them.
 */
#pragma once

#include "base/map.h"
#include "base/text.h"
#include "view/event-names.h"
#include "view/view.h"

/* What is shown beside retransmits, and of each. */
struct retrans_shows {
	bool probes;
	bool failed;
	bool stacks;
	bool rto;
};

#define RETRANS_COLUMNS_MAX 32

/* One line each. {0} is a valid empty one. */
struct retrans_rows {
	struct column columns[RETRANS_COLUMNS_MAX];
	struct event_names names;
	struct text rto;
};

void retrans_rows_done(struct retrans_rows *r);
int retrans_rows_begin(struct retrans_rows *r, const struct retrans_shows *shows,
		       struct table_sink *out, struct fault *fault);
int retrans_rows_put(struct retrans_rows *r, const struct tcp_event *e, struct table_sink *out,
		     struct fault *fault);
/* Is its timeout known, and the first one that is, or another than the one before? */
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

/* What the events of a group have in common; the rest is zero. */
struct retrans_key {
	struct endpoint local, remote;
	int32_t pid;
	const char *comm; /* NULL: unknown */
	enum tcp_cause cause;
};

#define RETRANS_KEY_COLUMNS_MAX 7

struct retrans_key retrans_key_of(enum retrans_group group, const struct tcp_event *e);
uint64_t retrans_key_hash(const struct retrans_key *k);
/* An order; 0: equal. */
int retrans_key_compare(const struct retrans_key *a, const struct retrans_key *b);
/* The columns that tell a group, and the cells in them; both give how many. The cells point into
 * k and t. */
size_t retrans_key_columns(enum retrans_group group, struct column ret[RETRANS_KEY_COLUMNS_MAX]);
size_t retrans_key_cells(enum retrans_group group, const struct retrans_key *k, struct text *t,
			 struct cell ret[RETRANS_KEY_COLUMNS_MAX]);

/* Events per group and cause. {0} is a valid empty one, by flow. */
struct retrans_counts {
	enum retrans_group group;
	struct arena arena;
	struct map by_hash; /* of the key, to the first struct group_counts of a chain */
	size_t n_groups;
	struct column columns[RETRANS_COLUMNS_MAX]; /* of the table */
};

void retrans_counts_done(struct retrans_counts *c);
/* 0 or -ENOMEM. */
int retrans_counts_add(struct retrans_counts *c, const struct tcp_event *e) MUST_CHECK;
/* The table, most retransmissions first. Probes and failed attempts are counted apart, where they
 * are shown at all. */
int retrans_counts_emit(struct retrans_counts *c, const struct retrans_shows *shows,
			struct table_sink *out, struct fault *fault);

static inline bool retrans_is_failed(const struct tcp_event *e)
{
	return tcp_event_has(e, TCP_FIELD_ERR) && e->err;
}
