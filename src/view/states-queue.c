// SPDX-License-Identifier: MIT
#include "base/units.h"
#include "view/states.h"

#define WAIT_NS	     (2 * NSEC_PER_SEC)
#define WAIT_LIVE_NS (200 * NSEC_PER_MSEC)
#define ROWS_MAX     65536u

struct state_row *state_queue_ready(struct fifo *q, uint64_t now_ns, bool is_live)
{
	uint64_t wait = is_live ? WAIT_LIVE_NS : WAIT_NS;
	struct state_row *row;

	if (!q->n)
		return NULL;
	row = fifo_at(q, 0);
	if (row->waits_for && row->waits_for->local.port) {
		row->subject.local = row->waits_for->local;
		row->waits_for = NULL;
	}
	if (row->waits_for && q->n < ROWS_MAX && now_ns - row->subject.ts_ns < wait)
		return NULL;
	return row;
}

void state_queue_decide(struct fifo *q, const struct tcp_conn *c)
{
	for (size_t i = 0; i < q->n; i++) {
		struct state_row *row = fifo_at(q, i);

		if (row->waits_for != c)
			continue;
		row->subject.local = c->local;
		row->waits_for = NULL;
	}
}
