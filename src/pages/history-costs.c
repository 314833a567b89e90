// SPDX-License-Identifier: MIT
#include "pages/history-costs.h"

#include "tcp/names.h"

/* When there was progress next, for each kind of retransmission; 0: never. */
struct next_progress {
	uint64_t handshake_ns, timeout_ns, fast_ns;
};

static void progress_by_congestion(struct next_progress *next, const struct history_event *m)
{
	/* A timeout leads to Loss, and is no progress. */
	if (m->detail == TCP_CA_STATE_LOSS)
		return;
	next->timeout_ns = m->ts_ns;
	/* Recovery begins with an acknowledgement, but the first segment is still missing. */
	if (m->detail != TCP_CA_STATE_RECOVERY)
		next->fast_ns = m->ts_ns;
}

/* Learns from an event whether there was progress. */
static void progress_learn(struct next_progress *next, const struct history_event *m)
{
	if (m->kind == HISTORY_CONGESTION)
		progress_by_congestion(next, m);
	if (m->kind == HISTORY_ACKED ||
	    (m->kind == HISTORY_STATE && m->detail == TCP_STATE_FIN_WAIT2))
		next->timeout_ns = next->fast_ns = m->ts_ns;
	if (m->kind == HISTORY_STATE && m->detail == TCP_STATE_ESTABLISHED)
		next->handshake_ns = m->ts_ns;
}

static uint64_t progress_after(const struct next_progress *next, const struct history_event *m)
{
	if (m->detail == TCP_CAUSE_SYN || m->detail == TCP_CAUSE_SYNACK)
		return next->handshake_ns;
	if (m->detail == TCP_CAUSE_RTO || m->detail == TCP_CAUSE_LOSS || m->detail == TCP_CAUSE_TLP)
		return next->timeout_ns;
	return next->fast_ns;
}

void history_costs(const struct history_event *items, size_t n, struct history_cost *costs)
{
	struct next_progress next = {0};

	for (size_t i = n; i-- > 0;) {
		uint64_t ns =
			items[i].kind == HISTORY_RETRANSMIT ? progress_after(&next, &items[i]) : 0;

		costs[i] = (struct history_cost){0};
		/* Of several events that became one, the last may be later than that. */
		if (ns && ns >= items[i].until_ns)
			costs[i] = (struct history_cost){true, ns - items[i].until_ns};
		progress_learn(&next, &items[i]);
	}
}
