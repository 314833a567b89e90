/* SPDX-License-Identifier: MIT */
/*
 * states: what is summed up per state. Private to the view.
 */
#pragma once

#include "base/histogram.h"
#include "table/table.h"

/* TCP states are 1 to 12. */
#define STATES 13

struct state_count {
	uint64_t entered;
	uint64_t open; /* still in it at the end */
	struct histogram spent_ns;
};

struct state_counts {
	struct state_count by_state[STATES];
};

int state_counts_emit(const struct state_counts *s, struct table_sink *out,
		      struct fault *fault) MUST_CHECK;
