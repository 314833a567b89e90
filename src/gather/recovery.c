// SPDX-License-Identifier: MIT
#include "gather/recovery.h"

#include "base/units.h"
#include "gather/gathered.h"
#include "gather/timeout-runs.h"
#include "tcp/names.h"

/* The kernel enters Loss and retransmits in the same timer (tcp_retransmit_timer()). */
#define SAME_TIMER_NS NSEC_PER_MSEC

static bool is_repairing(int32_t cong_state)
{
	return cong_state == TCP_CA_STATE_RECOVERY || cong_state == TCP_CA_STATE_LOSS;
}

/* The time of the recovery in which the connection is. */
static uint64_t recovery_open_ns(const struct conn_history *t, uint64_t end_ns)
{
	return t->repairing_since_ns && end_ns > t->repairing_since_ns
		       ? end_ns - t->repairing_since_ns
		       : 0;
}

void recovery_congestion(struct conn_history *t, const struct tcp_event *e)
{
	if (is_repairing(e->cong_state)) {
		if (!t->repairing_since_ns)
			t->repairing_since_ns = e->ts_ns;
		return;
	}
	t->repaired_ns += recovery_open_ns(t, e->ts_ns);
	t->repairing_since_ns = 0;
}

void recovery_timeout(const struct gathered *in, struct conn_history *t, const struct tcp_event *e)
{
	uint64_t rto_ns = e->rto_us * NSEC_PER_USEC, since_ns = in->context->since_ns;
	bool stands_alone = !t->repairing_since_ns;

	if (stands_alone) {
		t->repaired_ns += rto_ns;
		return;
	}
	if (e->ts_ns - t->repairing_since_ns >= SAME_TIMER_NS)
		return;
	/* The lost segment was sent one timeout before. */
	t->repairing_since_ns = t->repairing_since_ns > since_ns + rto_ns
					? t->repairing_since_ns - rto_ns
					: since_ns;
}

uint64_t recovery_ns(const struct conn_history *t, uint64_t end_ns)
{
	uint64_t ns = t->repaired_ns + recovery_open_ns(t, end_ns);
	uint64_t by_kernel = t->figures.timeouts_ms * NSEC_PER_MSEC;
	uint64_t busy_ns = t->figures.busy_us * NSEC_PER_USEC;

	if (conn_history_is_of_fin(t))
		return 0;
	ns = ns > by_kernel ? ns : by_kernel;
	return ns < busy_ns ? ns : busy_ns;
}
