// SPDX-License-Identifier: MIT
/*
 * states --count: a line for each state.
 */
#include "cells/cells.h"
#include "view/states.h"

enum {
	COL_STATE,
	COL_ENTERED,
	COL_OPEN,
	COL_TOTAL,
	COL_MEAN,
	COL_P50,
	COL_P99,
	COL_MAX,
	COL_TOTAL_MS,
	COL_MEAN_MS,
	COL_P50_MS,
	COL_P99_MS,
	COL_MAX_MS,
	COL_N,
};

#define MS(k, h, w)                                                                                \
	{                                                                                          \
		.key = (k), .head = (h), .where = COLUMN_TEXT, .width = (w), .is_right = true,     \
		.decimals = 2                                                                      \
	}

static const struct column columns[COL_N] = {
	[COL_STATE] = {.key = "state", .head = "STATE", .where = COLUMN_ALL, .width = 11},
	[COL_ENTERED] = {.key = "entered",
			 .head = "ENTERED",
			 .where = COLUMN_ALL,
			 .width = 8,
			 .is_right = true},
	[COL_OPEN] =
		{.key = "open", .head = "OPEN", .where = COLUMN_ALL, .width = 6, .is_right = true},
	[COL_TOTAL] = {.key = "total_ns", .where = COLUMN_DATA},
	[COL_MEAN] = {.key = "mean_ns", .where = COLUMN_DATA},
	[COL_P50] = {.key = "p50_ns", .where = COLUMN_DATA},
	[COL_P99] = {.key = "p99_ns", .where = COLUMN_DATA},
	[COL_MAX] = {.key = "max_ns", .where = COLUMN_DATA},
	[COL_TOTAL_MS] = MS("total_ms", "TOTAL_MS", 12),
	[COL_MEAN_MS] = MS("mean_ms", "MEAN_MS", 9),
	[COL_P50_MS] = MS("p50_ms", "P50_MS", 9),
	[COL_P99_MS] = MS("p99_ms", "P99_MS", 9),
	[COL_MAX_MS] = MS("max_ms", "MAX_MS", 9),
};

static int put(const struct state_count *n, int state, struct table_sink *out, struct fault *fault)
{
	const struct histogram *h = &n->spent_ns;
	const uint64_t values[] = {h->sum, histogram_mean(h), histogram_permille(h, 500),
				   histogram_permille(h, 990), h->greatest};
	struct cell cells[COL_N] = {
		[COL_STATE] = cell_state(state),
		[COL_ENTERED] = cell_u64(n->entered),
		[COL_OPEN] = cell_u64(n->open),
	};

	for (size_t i = 0; h->count && i < ARRAY_SIZE(values); i++) {
		cells[COL_TOTAL + i] = cell_u64(values[i]);
		cells[COL_TOTAL_MS + i] = cell_fixed((values[i] + 5000) / 10000);
	}
	return table_row(out, cells, fault);
}

int state_counts_emit(const struct state_counts *s, struct table_sink *out, struct fault *fault)
{
	int r = table_begin(out, columns, COL_N, fault);

	for (int i = 0; !r && i < STATES; i++) {
		const struct state_count *n = &s->by_state[i];

		if (n->entered || n->open || n->spent_ns.count)
			r = put(n, i, out, fault);
	}
	return r;
}
