// SPDX-License-Identifier: MIT
#include "detect/take-up.h"

#include "gather/stalls.h"

enum take_up_fate take_up_fate(const struct take_up *u)
{
	if (!take_up_has_signs(u))
		return TAKE_UP_AT_ONCE;
	if (u->taken_ns)
		return TAKE_UP_LATE;
	if (u->has_info) {
		/* The SYN counts as one byte acknowledged. */
		if (u->acked_bytes <= 1 && !u->received_bytes)
			return u->may_be_here || u->n_timeouts + u->n_probes > 1 ? TAKE_UP_NEVER
										 : TAKE_UP_AT_ONCE;
	} else if (!u->is_over) {
		/* Congestion states tell of acknowledgements after a timeout. The answer to a probe
		 * changes none. */
		return u->n_timeouts > 1 ? TAKE_UP_NEVER : TAKE_UP_AT_ONCE;
	}
	return u->is_first ? TAKE_UP_LATE : TAKE_UP_AT_ONCE;
}

uint32_t take_up_data_retrans(const struct tcp_conn *c)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint32_t handshake = cold->n_syns + cold->n_synacks;

	return c->n_retrans > handshake ? c->n_retrans - handshake : 0;
}

struct counters take_up_counters(const struct take_up *u, const struct tcp_conn *c,
				 const struct conn_history *t)
{
	uint32_t early = u->n_timeouts + u->n_probes,
		 all = take_up_data_retrans(c) + tcp_conn_cold(c)->n_probes;
	double share = early < all ? (double)early / (double)all : 1;
	bool is_stall =
		stall_kind_of(t, c->ending) == STALL_TIMEOUT && t->worst_run.first_ns <= u->last_ns;
	struct counters s = {0};

	/* Where no data was sent, it was the FIN that was retransmitted; that is counted apart. */
	if (u->has_info && !u->sent_bytes)
		return s;
	s.conns.with_retrans = u->n_timeouts && u->n_timeouts >= take_up_data_retrans(c);
	s.conns.timed_out = s.conns.with_retrans;
	s.conns.stalled = is_stall;
	s.events.retrans[TCP_CAUSE_RTO] = u->n_timeouts;
	s.events.retrans[TCP_CAUSE_TLP] = u->n_probes;
	s.events.series = u->n_timeouts > 0;
	s.events.waited_ns = u->waited_ns;
	s.events.tlp_recovered = u->is_recovered;
	if (is_stall) {
		s.events.stall_retrans = u->n_timeouts;
		s.events.stall_series = stall_is_for_good(t, c->ending);
	}
	s.tcp_info.with_retrans = u->growth.retrans_segs && share >= 1;
	s.tcp_info.retrans_segs = (uint64_t)((double)u->growth.retrans_segs * share + 0.5);
	s.tcp_info.retrans_bytes = (uint64_t)((double)u->growth.retrans_bytes * share + 0.5);
	s.tcp_info.timeouts = u->growth.timeouts < u->n_timeouts || share >= 1 ? u->growth.timeouts
									       : u->n_timeouts;
	s.tcp_info.timeouts_ms = (uint64_t)((double)u->growth.timeouts_ms * share + 0.5);
	return s;
}
