/* SPDX-License-Identifier: MIT */
/*
 * connects: the counts behind the tables of connects --count, private to the files of this view.
 */
#pragma once

#include "base/groups.h"
#include "base/histogram.h"
#include "tcp/connect-result.h"
#include "view/subject.h"
#include "view/view.h"

#define CONNECT_LADDER 8u /* steps by the number of retransmitted SYNs: 0 to 6, and more */

struct connect_destination {
	struct endpoint to; /* the key */
	uint64_t n, failed;
	uint64_t syns;
	uint64_t by_result[CONNECT_RESULTS];
	struct histogram *latency_ns; /* of attempts that were established; NULL: none yet */
};

/* Failed attempts to one destination that failed alike. */
struct connect_failure_key {
	struct endpoint to;
	uint32_t result; /* enum connect_result */
	int32_t err;	 /* 0: unknown */
	const char *why; /* a constant; NULL: nothing more is known */
};

struct connect_failure {
	struct connect_failure_key key;
	uint64_t n;
	uint64_t n_ns, least_ns, greatest_ns; /* how long those took whose time is known */
};

struct connect_listener {
	struct endpoint at; /* the key */
	uint64_t conns, completed, synacks;
};

/* The attempts with one number of retransmitted SYNs. */
struct connect_step {
	uint64_t attempts, established;
	uint64_t sum_ns, n_ns; /* sum and number of the latencies of established attempts */
};

struct connect_counts {
	struct groups destinations;
	struct groups failures;
	struct groups listeners;
	struct histogram latency_ns; /* of attempts that were established */
	struct connect_step ladder[CONNECT_LADDER];
};

void connect_counts_init(struct connect_counts *t);
void connect_counts_done(struct connect_counts *t);
/* Counts c, an attempt to connect from this host. 0 or -ENOMEM. */
int connect_counts_add(struct connect_counts *t, const struct tcp_conn *c) MUST_CHECK;
/* Counts c, a connection to this host with retransmitted SYN-ACKs, which may be half-open. 0 or
 * -ENOMEM. */
int connect_counts_add_synacks(struct connect_counts *t, const struct tcp_conn *c) MUST_CHECK;
/* Emits the table of failures, if there are any. table is memory of the caller's for columns. */
int connect_failures_emit(const struct connect_counts *t, struct view_table *table,
			  struct table_sink *out, struct fault *fault) MUST_CHECK;
/* Emits the tables of counts. table is memory of the caller's for their columns. */
int connect_counts_emit(const struct connect_counts *t, struct view_table *table,
			struct table_sink *out, struct fault *fault) MUST_CHECK;
