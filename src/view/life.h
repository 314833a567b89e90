/* SPDX-License-Identifier: MIT */
/*
 * life: counts of connections by ending, private to the files of this view.
 */
#pragma once

#include "base/histogram.h"
#include "view/subject.h"

#define LIFE_ENDINGS (TCP_ENDING_UNSEEN + 1)

struct life_count {
	const char *ended;		      /* name of the ending */
	uint64_t n;			      /* connections */
	uint64_t tx_bytes, rx_bytes, n_bytes; /* sums over n_bytes connections with known bytes */
	uint64_t retrans, n_retrans;  /* sum over n_retrans connections; the others' are unknown */
	struct histogram duration_ns; /* of connections whose birth is on the tape */
};

struct life_counts {
	struct life_count by_ending[LIFE_ENDINGS];
};

void life_counts_add(struct life_counts *l, const struct tcp_conn *c);
/* Emits the table of counts. t is memory of the caller's for its columns. */
int life_counts_emit(struct life_counts *l, struct view_table *t, struct table_sink *out,
		     struct fault *fault) MUST_CHECK;
