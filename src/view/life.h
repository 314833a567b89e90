/* SPDX-License-Identifier: MIT */
/*
 * life: counts of connections by how they ended. Private to the view.
 */
#pragma once

#include "base/histogram.h"
#include "view/subject.h"

#define LIFE_ENDINGS (TCP_ENDING_UNSEEN + 1)

struct life_count {
	const char *ended;
	uint64_t n;			      /* connections */
	uint64_t tx_bytes, rx_bytes, n_bytes; /* of n_bytes connections, whose bytes are known */
	uint64_t retrans, n_retrans;  /* of n_retrans connections, where they are recorded */
	struct histogram duration_ns; /* of connections whose birth is on the tape */
};

struct life_counts {
	struct life_count by_ending[LIFE_ENDINGS];
};

void life_counts_add(struct life_counts *l, const struct tcp_conn *c);
/* The table of counts. t stays the caller's. */
int life_counts_emit(struct life_counts *l, struct view_table *t, struct table_sink *out,
		     struct fault *fault) MUST_CHECK;
