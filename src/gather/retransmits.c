// SPDX-License-Identifier: MIT
/*
 * retransmits: adds retransmissions, and failed attempts at one, to the counters, the timeline and
 * the history of their connection.
 */
#include <errno.h>

#include "base/units.h"
#include "gather/handlers.h"
#include "gather/recovery.h"
#include "gather/timeout-runs.h"
#include "tcp/names.h"

static enum timeline_series timeline_series_of(enum tcp_cause cause)
{
	switch (cause) {
	case TCP_CAUSE_RTO: return TIMELINE_RTO;
	case TCP_CAUSE_FAST:
	case TCP_CAUSE_RECOVERY: return TIMELINE_FAST;
	case TCP_CAUSE_LOSS: return TIMELINE_LOSS;
	case TCP_CAUSE_TLP: return TIMELINE_TLP;
	case TCP_CAUSE_SYN: return TIMELINE_SYN;
	case TCP_CAUSE_SYNACK: return TIMELINE_SYNACK;
	default: return TIMELINE_OTHER;
	}
}

int gather_lost_at(struct gathered *in, struct counters *s, uint64_t ts_ns)
{
	if (!s->events.lost_times)
		s->events.lost_times = arena_alloc(&in->arena, sizeof(*s->events.lost_times));
	if (!s->events.lost_times)
		return -ENOMEM;
	time_spread_add(s->events.lost_times, ts_ns);
	return 0;
}

static uint8_t state_of(const struct tcp_event *e)
{
	return tcp_event_has(e, TCP_FIELD_STATE) ? (uint8_t)e->state : e->conn->state;
}

/* Adds the timeout to the connection's run of timeouts; returns whether a new run began. */
static bool run_add_timeout(struct gathered *in, struct conn_history *t, const struct tcp_event *e)
{
	const struct peer_answers *p = answers_of(&in->answers, &e->conn->remote.addr);
	bool is_first = conn_history_timeout(t, e->ts_ns, e->rto_us, state_of(e));

	if (p)
		conn_history_answered_elsewhere(t, p->last_ns);
	t->close_series += is_first && conn_history_is_closing(state_of(e));
	return is_first;
}

/* Follows the connection's run of timeouts where nothing was sent; returns whether a new run began.
 * A positive code is a drop in this host's own queue (qdisc): the kernel tries again later, and the
 * timeout does not count. With EBUSY the first copy has not left this host yet; the kernel makes
 * the next timeout twice as long all the same (tcp_retransmit_timer() of net/ipv4/tcp_timer.c). */
static bool follow_failed(struct gathered *in, struct conn_history *t, const struct tcp_event *e)
{
	bool is_first;

	if (e->cause != TCP_CAUSE_RTO || e->err >= 0)
		return false;
	if (e->err == -EBUSY) {
		conn_history_queued(t, e->ts_ns, state_of(e));
		return false;
	}
	is_first = run_add_timeout(in, t, e);
	conn_history_failed(t);
	return is_first;
}

static int gather_failed_attempt(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t;
	bool is_first;

	g->subject = gathered_subject(in, e);
	if (gathered_sets_of(in, &g->subject, &g->sets) < 0 || gathered_history(in, e, &t) < 0)
		return -ENOMEM;
	is_first = t && follow_failed(in, t, e);
	for (size_t i = 0; i < g->sets.n; i++) {
		g->sets.items[i]->events.failed++;
		g->sets.items[i]->events.series += is_first;
	}
	timeline_add(&in->timeline, e->ts_ns, TIMELINE_FAILED, 1);
	return gathered_history_event(in, e, t, HISTORY_FAILED, (uint8_t)e->cause,
				      e->err < 0 ? 0u - (uint32_t)e->err : (uint32_t)e->err);
}

static bool is_data(enum tcp_cause cause)
{
	return cause != TCP_CAUSE_SYN && cause != TCP_CAUSE_SYNACK && cause != TCP_CAUSE_TLP;
}

/* Follows the connection's run of timeouts; returns whether a new run began. */
static bool follow_run(struct gathered *in, struct conn_history *t, const struct tcp_event *e)
{
	bool is_first = false;

	t->has_probed = e->cause == TCP_CAUSE_TLP;
	t->probe.unanswered_ns = e->ts_ns;
	t->unsettled += is_data(e->cause);
	if (conn_history_is_closing(state_of(e))) {
		t->close_retrans += is_data(e->cause);
		t->close_timeouts += e->cause == TCP_CAUSE_RTO;
		t->close_waited_ns += e->cause == TCP_CAUSE_RTO ? e->rto_us * NSEC_PER_USEC : 0;
	}
	if (e->cause == TCP_CAUSE_RTO)
		is_first = run_add_timeout(in, t, e);
	else if (is_data(e->cause))
		conn_history_moves(t, e->ts_ns);
	return is_first;
}

int gather_retransmit(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t;
	bool is_first;

	if (gather_event_has_failed(g))
		return gather_failed_attempt(in, g);
	g->subject = gathered_subject(in, e);
	if (gathered_sets_of(in, &g->subject, &g->sets) < 0 || gathered_history(in, e, &t) < 0)
		return -ENOMEM;
	is_first = t ? follow_run(in, t, e) : e->cause == TCP_CAUSE_RTO;
	if (e->cause == TCP_CAUSE_RTO && t)
		recovery_timeout(in, t, e);
	for (size_t i = 0; i < g->sets.n; i++) {
		struct counters *s = g->sets.items[i];

		s->events.retrans[e->cause]++;
		s->events.series += is_first;
		if (e->cause == TCP_CAUSE_RTO)
			s->events.waited_ns += e->rto_us * NSEC_PER_USEC;
		/* A tail loss probe is sent before a loss is known, so it is no sign of one. */
		if (e->cause != TCP_CAUSE_TLP && e->cause != TCP_CAUSE_SYN &&
		    gather_lost_at(in, s, e->ts_ns) < 0)
			return -ENOMEM;
	}
	timeline_add(&in->timeline, e->ts_ns, timeline_series_of(e->cause), 1);
	return gathered_history_event(in, e, t, HISTORY_RETRANSMIT, (uint8_t)e->cause, e->rto_us);
}

int gather_synack(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t;

	g->subject = gathered_subject(in, e);
	g->subject.is_served = true;
	if (gathered_sets_of(in, &g->subject, &g->sets) < 0 || gathered_history(in, e, &t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < g->sets.n; i++)
		g->sets.items[i]->events.retrans[TCP_CAUSE_SYNACK]++;
	timeline_add(&in->timeline, e->ts_ns, TIMELINE_SYNACK, 1);
	return gathered_history_event(in, e, t, HISTORY_RETRANSMIT, TCP_CAUSE_SYNACK, 0);
}
