// SPDX-License-Identifier: MIT
#include "gather/recovery.h"

#include <errno.h>

#include "base/units.h"
#include "gather/gathered.h"
#include "tcp/names.h"

/* The kernel enters Loss and retransmits in the same timer (tcp_retransmit_timer()). */
#define SAME_TIMER_NS NSEC_PER_MSEC

static bool is_repairing(int32_t cong_state)
{
	return cong_state == TCP_CA_STATE_RECOVERY || cong_state == TCP_CA_STATE_LOSS;
}

int recovery_congestion(struct gathered *in, struct gather_event *g, struct conn_history *t)
{
	const struct tcp_event *e = g->e;
	uint64_t ns;

	if (!t)
		return 0;
	if (is_repairing(e->cong_state)) {
		if (!t->repairing_since_ns)
			t->repairing_since_ns = e->ts_ns;
		return 0;
	}
	ns = recovery_left(t, e->ts_ns);
	t->repairing_since_ns = 0;
	if (!ns)
		return 0;
	if (!g->sets.n) {
		g->subject = gathered_subject(in, e);
		if (gathered_sets_of(in, &g->subject, &g->sets) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < g->sets.n; i++)
		g->sets.items[i]->events.repairing_ns += ns;
	return 0;
}

uint64_t recovery_timeout(const struct gathered *in, struct conn_history *t,
			  const struct tcp_event *e)
{
	uint64_t rto_ns = e->rto_us * NSEC_PER_USEC, since_ns = in->context->since_ns;

	if (!t || !t->repairing_since_ns)
		return rto_ns;
	if (e->ts_ns - t->repairing_since_ns >= SAME_TIMER_NS)
		return 0;
	/* The lost segment was sent one timeout before. */
	t->repairing_since_ns = t->repairing_since_ns > since_ns + rto_ns
					? t->repairing_since_ns - rto_ns
					: since_ns;
	return 0;
}

uint64_t recovery_left(const struct conn_history *t, uint64_t end_ns)
{
	return t->repairing_since_ns && end_ns > t->repairing_since_ns
		       ? end_ns - t->repairing_since_ns
		       : 0;
}
