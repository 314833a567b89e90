/* SPDX-License-Identifier: MIT */
/*
 * resets: a row and the counts, which the files of the view share. Private to them.
 */
#pragma once

#include "base/groups.h"
#include "tcp/reset-kind.h"
#include "view/subject.h"
#include "view/view.h"

struct reset {
	struct subject subject;
	bool is_sent;
	enum reset_kind kind;
	const char *reason; /* the recording kernel's word; NULL: none */
	int32_t state;	    /* of the socket before; 0: none */
	bool has_age, is_age_exact;
	uint64_t age_ns;
	struct byte_cells bytes;
	struct cell retrans;
	bool has_loss;
	struct text *age;		  /* the view's, for the cell of the age */
	const struct tcp_conn *waits_for; /* for the end of this one; NULL: the row is complete */
};

/* The row of e, a RST. */
void reset_of_event(struct reset *ret, const struct tcp_event *e);
/* Adds what is known at the end of the connection. */
void reset_complete(struct reset *r, const struct tcp_conn *c);

/* Sets the sizes of the groups. */
void reset_counts_init(struct groups *g);
int reset_counts_add(struct groups *g, const struct reset *r) MUST_CHECK;
/* The table of counts. t stays the caller's. */
int reset_counts_emit(const struct groups *g, struct view_table *t, struct table_sink *out,
		      struct fault *fault) MUST_CHECK;
