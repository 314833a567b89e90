/* SPDX-License-Identifier: MIT */
/*
 * life: counts of connections by ending or per group, private to the files of this view.
 */
#pragma once

#include "base/groups.h"
#include "base/histogram.h"
#include "view/conn-key.h"
#include "view/subject.h"

/* The words of --group. Connections that end alike are a group, where others are groups of one. */
#define LIFE_BY_ENDING CONN_BY_ITSELF
extern const char *const life_groups[CONN_BY_N];

struct life_key {
	struct conn_key conn;
	uint32_t ending; /* enum tcp_ending, of LIFE_BY_ENDING */
};

struct life_count {
	struct life_key key;
	const char *ended; /* name of the ending; NULL: of another kind of group */
	char comm[16];	   /* of the owner that was counted last; "": unknown */
	uint64_t n;	   /* connections */
	uint64_t tx_bytes, rx_bytes, n_bytes; /* sums over n_bytes connections with known bytes */
	uint64_t retrans, n_retrans; /* sum over n_retrans connections; the others' are unknown */
	/* Of connections whose birth is on the tape; NULL: of none. */
	struct histogram *duration_ns;
};

/* The counts of connections per group. life_counts_init() makes an empty struct. */
struct life_counts {
	enum conn_key_by by;
	const struct view_context *context;
	struct groups groups;
};

void life_counts_init(struct life_counts *l, enum conn_key_by by,
		      const struct view_context *context);
void life_counts_done(struct life_counts *l);
/* Counts c in its group. 0 or -ENOMEM. */
int life_counts_add(struct life_counts *l, const struct tcp_conn *c) MUST_CHECK;
/* Emits the table of counts: endings in the order of their numbers, other groups with the most
 * connections first. t is memory of the caller's for its columns. */
int life_counts_emit(struct life_counts *l, struct view_table *t, struct table_sink *out,
		     struct fault *fault) MUST_CHECK;
