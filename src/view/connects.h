/* SPDX-License-Identifier: MIT */
/*
 * connects: what the files of the view share: the tables of --count. Private to them.
 */
#pragma once

#include "base/groups.h"
#include "base/histogram.h"
#include "tcp/connect-result.h"
#include "view/view.h"

#define CONNECT_LADDER 8u /* SYNs sent again: 0 to 6, and more */

struct connect_counts {
	struct groups destinations;
	struct groups listeners;
	uint64_t n;
	struct histogram latency_ns; /* of those that were established */
	struct {
		uint64_t attempts, established;
		uint64_t sum_ns, n_ns; /* latency of the established */
	} ladder[CONNECT_LADDER];
};

void connect_counts_init(struct connect_counts *c);
void connect_counts_done(struct connect_counts *c);
int connect_counts_add(struct connect_counts *t, const struct tcp_conn *c) MUST_CHECK;
/* A connection that came in, or did not, after SYN-ACKs had to be sent again. */
int connect_counts_add_synacks(struct connect_counts *t, const struct tcp_conn *c) MUST_CHECK;
int connect_counts_emit(const struct connect_counts *t, struct table_sink *out,
			struct fault *fault) MUST_CHECK;
