/* SPDX-License-Identifier: MIT */
/*
 * connects: the tables of --count, which the files of the view share. Private to them.
 */
#pragma once

#include "base/groups.h"
#include "base/histogram.h"
#include "tcp/connect-result.h"
#include "view/subject.h"
#include "view/view.h"

#define CONNECT_LADDER 8u /* by retransmitted SYNs: 0 to 6, and more */

struct connect_destination {
	struct endpoint to; /* the key */
	uint64_t n;
	uint64_t syns;
	uint64_t by_result[CONNECT_RESULTS];
	struct histogram *latency_ns; /* of attempts that were established; NULL: none yet */
};

struct connect_listener {
	struct endpoint at; /* the key */
	uint64_t conns, completed, synacks;
};

/* The attempts that needed so many SYNs. */
struct connect_step {
	uint64_t attempts, established;
	uint64_t sum_ns, n_ns; /* latency of the established */
};

struct connect_counts {
	struct groups destinations;
	struct groups listeners;
	uint64_t n;
	struct histogram latency_ns; /* of attempts that were established */
	struct connect_step ladder[CONNECT_LADDER];
};

void connect_counts_init(struct connect_counts *c);
void connect_counts_done(struct connect_counts *c);
int connect_counts_add(struct connect_counts *t, const struct tcp_conn *c) MUST_CHECK;
/* c is a connection to this host whose SYN-ACKs were retransmitted; it may be half open. */
int connect_counts_add_synacks(struct connect_counts *t, const struct tcp_conn *c) MUST_CHECK;
/* The tables. table stays the caller's. */
int connect_counts_emit(const struct connect_counts *t, struct view_table *table,
			struct table_sink *out, struct fault *fault) MUST_CHECK;
