// SPDX-License-Identifier: MIT
/*
 * Single events into sums, timeline and the troubles of their connection.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "gather/parts.h"
#include "tcp/names.h"

/* Longer than anybody records; later seconds are not told apart. */
#define SECONDS_MAX  (1u << 20)
#define FAILURES_MAX 64u

static int second_of(struct gathered *in, uint64_t ts_ns, uint32_t *ret)
{
	uint64_t at = ts_ns > in->from_ns ? (ts_ns - in->from_ns) / NSEC_PER_SEC : 0;

	if (at >= SECONDS_MAX)
		at = SECONDS_MAX - 1;
	if (at >= in->n_seconds) {
		size_t n = (size_t)(at | 255u) + 1;
		struct gathered_second *bigger = realloc(in->seconds, n * sizeof(*bigger));

		if (!bigger)
			return -ENOMEM;
		memset(bigger + in->n_seconds, 0, (n - in->n_seconds) * sizeof(*bigger));
		in->seconds = bigger;
		in->n_seconds = n;
	}
	*ret = (uint32_t)at;
	return 0;
}

static int note_second(struct gathered *in, struct conn_group *peer, const struct tcp_event *e)
{
	struct gathered_second *second;
	uint32_t at;

	if (second_of(in, e->ts_ns, &at) < 0)
		return -ENOMEM;
	second = &in->seconds[at];
	second->retrans++;
	second->late += e->cause == TCP_CAUSE_RTO || e->cause == TCP_CAUSE_LOSS ||
			e->cause == TCP_CAUSE_SYN;
	if (!peer)
		return 0;
	if (peer->last_second != at + 1) {
		peer->last_second = at + 1;
		peer->in_second = 0;
		second->peers++;
	}
	if (++peer->in_second > second->most)
		second->most = peer->in_second;
	return 0;
}

static enum timeline_series series_of(enum tcp_cause cause)
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

int gather_history_event(struct gathered *in, const struct tcp_event *e, struct conn_history *t,
			 enum history_event_kind kind, uint8_t detail, uint32_t value)
{
	const struct history_event m = {
		.ts_ns = e->ts_ns, .kind = kind, .detail = detail, .value = value};

	return t ? conn_histories_add(&in->conn_histories, t, &m) : 0;
}

int gather_history(struct gathered *in, const struct tcp_event *e, struct conn_history **ret)
{
	*ret = NULL;
	/* Handshakes that peers began and left are many, and all alike. */
	if (!e->conn || e->conn->is_emitted || e->conn->origin == TCP_ORIGIN_HALF_OPEN)
		return 0;
	return conn_histories_of(&in->conn_histories, e->conn, ret);
}

static int note_failure(struct gathered *in, const struct tcp_event *e)
{
	bool is_room = in->failures.n < FAILURES_MAX;
	struct gathered_failure *f =
		is_room ? groups_get(&in->failures, &e->err) : groups_find(&in->failures, &e->err);

	/* No kernel has so many errors: a tape may say anything. */
	if (!f)
		return is_room ? -ENOMEM : 0;
	f->n++;
	gather_span(&f->first_ns, &f->last_ns, e->ts_ns);
	return 0;
}

static int gather_failed(struct gathered *in, const struct tcp_event *e)
{
	struct conn_subject s = gather_subject(in, e);
	struct counter_sets sets;
	struct conn_history *t;

	if (note_failure(in, e) < 0 || gathered_sets_of(in, &s, &sets) < 0 ||
	    gather_history(in, e, &t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++)
		sets.items[i]->failed++;
	/* The timer expired all the same, unless the own queue only asks for a later try. */
	if (t && e->cause == TCP_CAUSE_RTO && e->err < 0 && e->err != -EBUSY) {
		conn_history_timeout(t, e->ts_ns, e->rto_us);
		conn_history_failed(t);
	}
	timeline_add(&in->timeline, e->ts_ns, TIMELINE_FAILED, 1);
	return gather_history_event(in, e, t, HISTORY_FAILED, (uint8_t)e->cause,
				    e->err < 0 ? 0u - (uint32_t)e->err : (uint32_t)e->err);
}

static bool is_data(enum tcp_cause cause)
{
	return cause != TCP_CAUSE_SYN && cause != TCP_CAUSE_SYNACK && cause != TCP_CAUSE_TLP;
}

/* What the run of timeouts says; true: a new series began. */
static bool follow_run(struct conn_history *t, const struct tcp_event *e)
{
	bool is_first = false;

	t->has_probed = e->cause == TCP_CAUSE_TLP;
	if (e->cause == TCP_CAUSE_RTO)
		is_first = conn_history_timeout(t, e->ts_ns, e->rto_us);
	else if (is_data(e->cause))
		conn_history_moves(t);
	return is_first;
}

static int note_time(struct gathered *in, struct counters *s, uint64_t ts_ns)
{
	if (!s->lost)
		s->lost = arena_alloc(&in->arena, sizeof(*s->lost));
	if (!s->lost)
		return -ENOMEM;
	time_spread_add(s->lost, ts_ns);
	return 0;
}

int gather_retransmit(struct gathered *in, const struct tcp_event *e)
{
	struct conn_subject s = gather_subject(in, e);
	struct counter_sets sets;
	bool is_first;
	struct conn_history *t;

	if (tcp_event_has(e, TCP_FIELD_ERR) && e->err)
		return gather_failed(in, e);
	if (gathered_sets_of(in, &s, &sets) < 0 || gather_history(in, e, &t) < 0)
		return -ENOMEM;
	is_first = t ? follow_run(t, e) : e->cause == TCP_CAUSE_RTO;
	for (size_t i = 0; i < sets.n; i++) {
		struct counters *set = sets.items[i];

		set->retrans[e->cause]++;
		set->series += is_first;
		if (e->cause == TCP_CAUSE_RTO)
			set->waited_ns += e->rto_us * NSEC_PER_USEC;
		/* Probes are sent on mere suspicion. */
		if (e->cause != TCP_CAUSE_TLP && e->cause != TCP_CAUSE_SYN &&
		    note_time(in, set, e->ts_ns) < 0)
			return -ENOMEM;
	}
	timeline_add(&in->timeline, e->ts_ns, series_of(e->cause), 1);
	if (e->cause != TCP_CAUSE_TLP && note_second(in, sets.peer, e) < 0)
		return -ENOMEM;
	return gather_history_event(in, e, t, HISTORY_RETRANSMIT, (uint8_t)e->cause, e->rto_us);
}

int gather_synack(struct gathered *in, const struct tcp_event *e)
{
	struct conn_subject s = gather_subject(in, e);
	struct gathered_listener *l = groups_get(&in->listeners, &e->local.port);
	struct counter_sets sets;
	struct conn_history *t;

	s.is_served = true;
	if (!l || gathered_sets_of(in, &s, &sets) < 0 || gather_history(in, e, &t) < 0)
		return -ENOMEM;
	l->at = e->local;
	if (e->trigger == TCP_TRIGGER_DUP_SYN)
		l->by_repeat++;
	else
		l->by_timer++;
	gather_span(&l->first_ns, &l->last_ns, e->ts_ns);
	for (size_t i = 0; i < sets.n; i++)
		sets.items[i]->retrans[TCP_CAUSE_SYNACK]++;
	timeline_add(&in->timeline, e->ts_ns, TIMELINE_SYNACK, 1);
	return gather_history_event(in, e, t, HISTORY_RETRANSMIT, TCP_CAUSE_SYNACK, 0);
}

static void follow_established(struct gathered *in, const struct tcp_event *e)
{
	int by = (e->newstate == TCP_STATE_ESTABLISHED) - (e->oldstate == TCP_STATE_ESTABLISHED);

	if (!by)
		return;
	if (e->ts_ns < in->context->since_ns)
		timeline_level_before(&in->timeline, by);
	else
		timeline_level(&in->timeline, e->ts_ns, by);
}

int gather_state(struct gathered *in, const struct tcp_event *e)
{
	struct conn_history *t;

	if (e->newstate == TCP_STATE_LISTEN)
		gather_note_listening(in, e->local.port);
	if (e->ts_ns >= in->context->until_ns || !event_filter_passes(in->context->filter, e))
		return 0;
	follow_established(in, e);
	if (e->ts_ns < in->context->since_ns)
		return 0;
	if (e->newstate == TCP_STATE_SYN_SENT)
		timeline_add(&in->timeline, e->ts_ns, TIMELINE_CONNECTS, 1);
	else if (e->newstate == TCP_STATE_ESTABLISHED && e->oldstate == TCP_STATE_SYN_RECV)
		timeline_add(&in->timeline, e->ts_ns, TIMELINE_ACCEPTS, 1);
	t = e->conn ? conn_histories_find(&in->conn_histories, e->conn) : NULL;
	return gather_history_event(in, e, t, HISTORY_STATE, (uint8_t)e->newstate, 0);
}

int gather_congestion(struct gathered *in, const struct tcp_event *e)
{
	struct conn_subject s = gather_subject(in, e);
	struct counter_sets sets = {0};
	struct conn_history *t = e->conn ? conn_histories_find(&in->conn_histories, e->conn) : NULL;
	/* A probe that mended a loss makes the window smaller: tcp_process_tlp_ack of
	 * net/ipv4/tcp_input.c goes through CWR. A needless one does not. */
	bool is_mended = t && t->has_probed && e->cong_state == TCP_CA_STATE_CWR;

	if (t && (e->cong_state == TCP_CA_STATE_OPEN || e->cong_state == TCP_CA_STATE_RECOVERY))
		conn_history_moves(t);
	if (is_mended)
		t->has_probed = false;
	if ((e->cong_state == TCP_CA_STATE_RECOVERY || is_mended) &&
	    gathered_sets_of(in, &s, &sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++) {
		struct counters *set = sets.items[i];

		set->recoveries += !is_mended;
		set->tlp_recovered += is_mended;
		if (!is_mended)
			continue;
		gather_span(&set->tlp_recovered_first_ns, &set->tlp_recovered_last_ns, e->ts_ns);
		if (note_time(in, set, e->ts_ns) < 0)
			return -ENOMEM;
	}
	return gather_history_event(in, e, t, HISTORY_CONGESTION, (uint8_t)e->cong_state, 0);
}

int gather_error(struct gathered *in, const struct tcp_event *e)
{
	struct conn_history *t;

	if (e->err <= 0)
		return 0;
	if (gather_history(in, e, &t) < 0)
		return -ENOMEM;
	return gather_history_event(in, e, t, HISTORY_ERROR, 0, (uint32_t)e->err);
}

int gather_bad_csum(struct gathered *in, const struct tcp_event *e)
{
	struct conn_subject s = gather_subject(in, e);
	struct counter_sets sets;

	if (gathered_sets_of(in, &s, &sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++)
		sets.items[i]->bad_csums++;
	return 0;
}
