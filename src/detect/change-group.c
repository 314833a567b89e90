// SPDX-License-Identifier: MIT
#include "detect/change-group.h"

#define SEGMENT_BYTES 1448.0

double change_segments(const struct counters *s)
{
	struct rate rate = counters_retrans_rate(s);

	if (rate.basis == RATE_BYTES)
		return (double)s->tcp_info.segs;
	return rate.basis == RATE_CALLS ? (double)s->calls.tx_bytes / SEGMENT_BYTES : 0;
}

/* Retransmissions without spurious ones. */
static uint64_t lost_of(const struct counters *s)
{
	uint64_t n = counters_data_resent(s);

	return n > s->tcp_info.dsacks ? n - s->tcp_info.dsacks : 0;
}

/* RSTs without those that refused a connect, which are failed connects. */
static uint64_t resets_of(const struct counters *s)
{
	uint64_t n = counters_resets(s, REPORT_SENT) + counters_resets(s, REPORT_RECEIVED);
	uint64_t refused =
		(uint64_t)s->events.resets[REPORT_RECEIVED][RESET_REFUSED] + s->events.refusals;

	return n > refused ? n - refused : 0;
}

static struct change_side side_of(enum change_metric m, const struct counters *s)
{
	switch (m) {
	case CHANGE_RETRANS: return (struct change_side){lost_of(s), change_segments(s)};
	case CHANGE_TIMEOUTS: return (struct change_side){counters_timeouts(s), change_segments(s)};
	case CHANGE_FAILURES:
		return (struct change_side){s->attempts.failed, (double)s->attempts.n};
	case CHANGE_RESETS: return (struct change_side){resets_of(s), (double)s->conns.n};
	case CHANGE_SYNACKS:
		return (struct change_side){s->events.retrans[TCP_CAUSE_SYNACK],
					    (double)(s->conns.accepted + s->conns.half_open)};
	case CHANGE_CONNECTIONS: return (struct change_side){s->conns.n, 0};
	case CHANGE_METRICS: break;
	}
	return (struct change_side){0};
}

void change_counts_add(struct change_count *counts, unsigned int side, const struct counters *s)
{
	for (unsigned int m = 0; m < CHANGE_METRICS; m++) {
		struct change_side more = side_of(m, s);

		counts[m].sides[side].n += more.n;
		counts[m].sides[side].exposure += more.exposure;
	}
}
