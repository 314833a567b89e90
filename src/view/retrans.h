/* SPDX-License-Identifier: MIT */
/*
 * retrans: what its two forms, rows and counts per flow, share.
 */
#pragma once

#include "base/map.h"
#include "view/view.h"

struct flow_counts;

/* Retransmissions per flow and cause. {0} is a valid empty one. */
struct retrans_counts {
	struct arena arena;
	struct map by_hash; /* of the four-tuple, to the first struct flow_counts of a chain */
	size_t n_flows;
};

void retrans_counts_done(struct retrans_counts *c);
/* 0 or -ENOMEM. */
int retrans_counts_add(struct retrans_counts *c, const struct tcp_event *e) MUST_CHECK;
/* The table, most retransmissions first. */
int retrans_counts_emit(const struct retrans_counts *c, struct table_sink *out,
			struct fault *fault) MUST_CHECK;
