/* SPDX-License-Identifier: MIT */
/*
 * life: counts of connections by how they ended. Private to the view.
 */
#pragma once

#include "base/histogram.h"
#include "table/table.h"
#include "tcp/conn.h"

#define LIFE_ENDINGS (TCP_ENDING_UNSEEN + 1)

struct life_count {
	uint64_t n, tx_bytes, rx_bytes, n_bytes;
	uint64_t retrans, n_retrans;  /* of so many connections */
	struct histogram duration_ns; /* of those whose birth is on the tape */
};

struct life_counts {
	struct life_count by_ending[LIFE_ENDINGS];
};

void life_counts_add(struct life_counts *l, const struct tcp_conn *c);
int life_counts_emit(const struct life_counts *l, struct table_sink *out,
		     struct fault *fault) MUST_CHECK;
