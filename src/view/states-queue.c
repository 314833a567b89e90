// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "view/states.h"

#define WAIT_NS	     (2 * NSEC_PER_SEC)
#define WAIT_LIVE_NS (200 * NSEC_PER_MSEC)
#define ROWS_MAX     65536u

void state_queue_done(struct state_queue *q)
{
	free(q->rows);
	*q = (struct state_queue){0};
}

int state_queue_push(struct state_queue *q, const struct state_row *row)
{
	if (!q->n)
		q->first = 0;
	/* At the end of the memory: back to its beginning, and more of it where that is not much. */
	if (q->first + q->n == q->cap) {
		if (q->first)
			memmove(q->rows, q->rows + q->first, q->n * sizeof(*q->rows));
		q->first = 0;
		if (q->n * 2 >= q->cap) {
			size_t cap = q->cap ? q->cap * 2 : 64;
			struct state_row *bigger = realloc(q->rows, cap * sizeof(*bigger));

			if (!bigger)
				return -ENOMEM;
			q->rows = bigger;
			q->cap = cap;
		}
	}
	q->rows[q->first + q->n++] = *row;
	return 0;
}

const struct state_row *state_queue_ready(struct state_queue *q, uint64_t now_ns, bool is_live)
{
	struct state_row *row = q->rows + q->first;
	uint64_t wait = is_live ? WAIT_LIVE_NS : WAIT_NS;

	if (!q->n)
		return NULL;
	if (row->waits_for && row->waits_for->local.port) {
		row->local = row->waits_for->local;
		row->waits_for = NULL;
	}
	if (row->waits_for && q->n < ROWS_MAX && now_ns - row->ts_ns < wait)
		return NULL;
	return row;
}

void state_queue_pop(struct state_queue *q)
{
	q->first++;
	q->n--;
}

void state_queue_settle(struct state_queue *q, const struct tcp_conn *c)
{
	for (size_t i = q->first; i < q->first + q->n; i++) {
		if (q->rows[i].waits_for != c)
			continue;
		q->rows[i].local = c->local;
		q->rows[i].waits_for = NULL;
	}
}
