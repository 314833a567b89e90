// SPDX-License-Identifier: MIT
/*
 * states --count: the table with a line for each TCP state.
 */
#include "cells/conn-cells.h"
#include "tcp/names.h"
#include "view/durations.h"
#include "view/states.h"

#define COUNT(member) .at = offsetof(struct state_count, member)
#define MS(getter)    (getter), COUNT(spent_ns), .is_right = true, .decimals = 2

static struct cell count_open(const void *at)
{
	const struct state_count *n = at;

	return cell_if(!n->hides_open, n->open);
}

static const struct view_column columns[] = {
	{"state", "STATE", COLUMN_ALL, 11, column_state, COUNT(state)},
	{"entered", "ENTERED", COLUMN_ALL, 8, column_u64, COUNT(entered), .is_right = true},
	{"open", "OPEN", COLUMN_ALL, 6, count_open, .at = 0, .is_right = true},
	{"total_ns", NULL, COLUMN_DATA, 0, durations_total_ns, COUNT(spent_ns)},
	{"mean_ns", NULL, COLUMN_DATA, 0, durations_mean_ns, COUNT(spent_ns)},
	{"p50_ns", NULL, COLUMN_DATA, 0, durations_p50_ns, COUNT(spent_ns)},
	{"p99_ns", NULL, COLUMN_DATA, 0, durations_p99_ns, COUNT(spent_ns)},
	{"max_ns", NULL, COLUMN_DATA, 0, durations_max_ns, COUNT(spent_ns)},
	{"total_ms", "TOTAL_MS", COLUMN_TEXT, 12, MS(durations_total_ms)},
	{"mean_ms", "MEAN_MS", COLUMN_TEXT, 9, MS(durations_mean_ms)},
	{"p50_ms", "P50_MS", COLUMN_TEXT, 9, MS(durations_p50_ms)},
	{"p99_ms", "P99_MS", COLUMN_TEXT, 9, MS(durations_p99_ms)},
	{"max_ms", "MAX_MS", COLUMN_TEXT, 9, MS(durations_max_ms)},
};

int state_counts_emit(struct state_counts *s, struct view_table *t, struct table_sink *out,
		      struct fault *fault)
{
	int r = view_table_begin(t, columns, ARRAY_SIZE(columns), 0, out, fault);

	for (int i = 0; !r && i < STATES; i++) {
		struct state_count *n = &s->by_state[i];

		n->state = i;
		/* No event tells how long such a socket without a process lives. */
		n->hides_open = i == TCP_STATE_FIN_WAIT2 && n->entered && !s->has_end_table;
		if (n->entered || n->open || n->spent_ns.count)
			r = view_table_row(t, (const void *[]){n}, out, fault);
	}
	return r;
}
