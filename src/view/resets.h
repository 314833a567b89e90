/* SPDX-License-Identifier: MIT */
/*
 * resets: a row of the view, and its counts, private to the files of this view.
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
	const char *reason; /* the recording kernel's name of the reason; NULL: none */
	int32_t state;	    /* TCP state of the socket before the RST; 0: no socket, or unknown */
	bool has_age, is_age_exact;
	uint64_t age_ns;
	struct byte_cells bytes;
	struct cell unacked; /* bytes that the peer had not acknowledged */
	struct cell retrans;
	bool is_undone; /* it was not received: see reset_undoes_received() */
	bool has_loss;
	struct text *age;		  /* memory of the view's for the cell of the age */
	const struct tcp_conn *waits_for; /* until this connection ends; NULL: row is complete */
};

/* Makes the row of e, a RST. */
void reset_of_event(struct reset *ret, const struct tcp_event *e);
/* Completes the row at the end of its connection c: owner, bytes, retransmissions, losses. */
void reset_complete(struct reset *r, const struct tcp_conn *c);

/* Begins the table of rows. t is memory of the caller's for its columns. */
int reset_rows_begin(struct view_table *t, bool is_wide, struct table_sink *out,
		     struct fault *fault) MUST_CHECK;

/* Sets the sizes of key and item in g. */
void reset_counts_init(struct groups *g);
int reset_counts_add(struct groups *g, const struct reset *r) MUST_CHECK;
/* Emits the table of counts. t is memory of the caller's for its columns. */
int reset_counts_emit(const struct groups *g, struct view_table *t, struct table_sink *out,
		      struct fault *fault) MUST_CHECK;
