/* SPDX-License-Identifier: MIT */
/*
 * connects: what the files of the view share: what came of an attempt, and the tables of
 * --count. Private to them.
 */
#pragma once

#include "base/groups.h"
#include "base/histogram.h"
#include "view/view.h"

enum connect_result {
	CONNECT_OK,
	CONNECT_REFUSED,     /* RST */
	CONNECT_TIMEOUT,     /* the kernel gave up */
	CONNECT_UNREACHABLE, /* ICMP said so */
	CONNECT_ERROR,	     /* another error */
	CONNECT_ABORTED,     /* the process left before */
	CONNECT_PENDING,     /* not over where the tape ends */
	CONNECT_RESULTS,
};
const char *connect_result_name(enum connect_result r);
/* Of a connection with origin CONNECT that has been given out. */
enum connect_result connect_result_of(const struct tcp_conn *c);
/* From SYN to ESTABLISHED, or to the failure; false: not known. */
bool connect_latency(const struct tcp_conn *c, uint64_t *ret_ns);

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
