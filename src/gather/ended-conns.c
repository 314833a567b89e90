// SPDX-License-Identifier: MIT
/*
 * ended-conns: adds whole connections to the counters of the groups that they belong to.
 */
#include <errno.h>

#include "gather/handlers.h"
#include "gather/recovery.h"
#include "gather/stalls.h"
#include "gather/timeout-runs.h"

static void count_round_trip(struct counters *s, const struct tcp_conn *c)
{
	const struct tcp_conn_info *info = tcp_conn_info(c);

	if (info->has_min_rtt && info->min_rtt_us &&
	    (!s->conns.min_rtt_us || info->min_rtt_us < s->conns.min_rtt_us))
		s->conns.min_rtt_us = info->min_rtt_us;
}

static bool was_established(const struct tcp_conn *c)
{
	return c->was_established || c->established_ns;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* Whether the kernel has cleared the figures of an established connection at its end. */
static bool is_cleared(const struct tcp_conn *c)
{
	return c->has_final && tcp_conn_info(c)->is_cleared && was_established(c);
}

static uint64_t data_retrans(const struct tcp_conn *c)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);

	return less(c->n_retrans, cold->n_syns + cold->n_synacks);
}

static void count_unknown(struct counters *s, const struct tcp_conn *c)
{
	if (!was_established(c))
		return;
	s->unknown.conns++;
	s->unknown.cleared += tcp_conn_info(c)->is_cleared;
	s->unknown.unasked += c->is_unasked;
}

/* Counts the bytes of a connection whose growth of struct tcp_info was not counted before. */
static void count_bytes(const struct gathered *in, struct counters *s, const struct tcp_conn *c)
{
	bool has_figures = (c->has_final || c->is_in_end_dump) && !tcp_conn_info(c)->is_cleared;
	struct byte_counts *to = NULL;
	struct tcp_info_growth base;
	uint64_t tx, rx;
	bool has_base = gather_find_base(in, c, &base);

	if (has_base && has_figures)
		return;
	switch (has_base ? tcp_conn_bytes(c, &tx, &rx) : TCP_BYTES_UNKNOWN) {
	case TCP_BYTES_IO: to = &s->calls; break;
	case TCP_BYTES_PEER: to = &s->far_ends; break;
	default: count_unknown(s, c); return;
	}
	to->tx_bytes += less(tx, base.acked_bytes);
	to->rx_bytes += less(rx, base.received_bytes);
	if (is_cleared(c)) {
		s->cleared.sized_retrans += data_retrans(c);
		s->cleared.sized_bytes += less(tx, base.acked_bytes);
	}
}

static int count_conn(struct gathered *in, struct counters *s, const struct tcp_conn *c,
		      bool with_latency)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);

	s->conns.n++;
	s->conns.established += was_established(c);
	s->conns.with_retrans += data_retrans(c) > 0;
	s->cleared.conns += is_cleared(c);
	s->cleared.retrans += is_cleared(c) ? data_retrans(c) : 0;
	s->unasked_conns += c->is_unasked && was_established(c);
	s->unasked_retrans += c->is_unasked ? data_retrans(c) : 0;
	s->conns.timed_out += cold->n_timeouts > cold->n_syns;
	s->conns.accepted += c->origin == TCP_ORIGIN_ACCEPT && !tcp_conn_is_join(c);
	s->conns.half_open += c->origin == TCP_ORIGIN_HALF_OPEN;
	count_round_trip(s, c);
	count_bytes(in, s, c);
	if (tcp_conn_is_join(c)) {
		gather_join(s, c);
		return 0;
	}
	return tcp_conn_is_attempt(c) ? gather_attempt(in, s, c, with_latency) : 0;
}

/* FINs are not among what is lost: nobody waits for them. */
static void count_fins(struct counters *s, const struct conn_history *t)
{
	s->events.fin_series += t->close_series;
	s->events.fin_retrans += t->close_retrans;
	s->events.fin_timeouts += t->close_timeouts;
	s->events.fin_waited_ns += t->close_waited_ns;
}

static uint32_t unsettled_before_run(const struct conn_history *t)
{
	uint32_t in_run = (uint32_t)t->run.n - t->run.n_before;

	return t->unsettled > in_run ? t->unsettled - in_run : 0;
}

static void count_stall(struct counters *s, const struct tcp_conn *c, const struct conn_history *t)
{
	enum stall_kind kind = was_established(c) ? stall_kind_of(t, c->ending) : STALL_NONE;

	s->conns.slow_closes += kind == STALL_FIN;
	s->conns.stalled += kind == STALL_TIMEOUT || kind == STALL_WINDOW;
	if (conn_history_is_of_fin(t)) {
		count_fins(s, t);
		return;
	}
	s->events.stall_retrans += t->stall_retrans;
	/* Stalls that recovered count as ordinary timeouts. */
	if (kind == STALL_NONE || !stall_is_for_good(t, c->ending))
		return;
	s->events.stall_series += t->stall_series;
	/* What was retransmitted fast before the first timeout belongs to the stall, too. */
	s->events.stall_retrans += unsettled_before_run(t);
}

static int note_ends(struct gathered *in, const struct tcp_conn *c)
{
	bool is_served = c->origin == TCP_ORIGIN_ACCEPT || c->origin == TCP_ORIGIN_HALF_OPEN;

	if (tcp_conn_is_listener(c))
		return 0;
	if (is_served && ends_note_served(&in->ends, &c->local) < 0)
		return -ENOMEM;
	return ends_note(&in->ends, &c->local, &c->remote);
}

/* Adds the connection to the counters. */
static int count_in_groups(struct gathered *in, const struct tcp_conn *c,
			   const struct conn_history *t)
{
	struct counter_sets sets;
	struct conn_subject s;

	netns_set_add(tcp_conn_is_attempt(c) ? &in->called_in : &in->served_in, c->netns);
	if (gathered_note_answered(in, c) < 0)
		return -ENOMEM;
	s = gathered_subject_of_conn(in, c);
	if (gathered_sets_of(in, &s, &sets) < 0 || gather_parts_conn(&in->parts, in, c, t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++) {
		struct counters *set = sets.items[i];
		/* Detectors compare the latency to a destination with the latency in total. */
		bool with_latency = set == &in->total || set == sets.destination;

		if (count_conn(in, set, c, with_latency) < 0)
			return -ENOMEM;
		if (!t)
			continue;
		count_stall(set, c, t);
		set->tcp_info.repairing_ns += recovery_ns(t, c->end_ns);
	}
	if (tcp_conn_is_attempt(c) && connect_has_failed(c, connect_result_of(c)))
		timeline_add(&in->timeline, c->seen_ns > in->from_ns ? c->seen_ns : in->from_ns,
			     TIMELINE_CONNECT_FAILURES, 1);
	return 0;
}

/* Finds the history of a connection whose story may be told. *ret is NULL where the connection does
 * not fit, or there is no room. */
static int story_history(struct gathered *in, const struct tcp_conn *c, struct conn_history **ret)
{
	struct worst_conn rank;

	if (conn_histories_of(&in->conn_histories, c, ret) < 0)
		return -ENOMEM;
	rank = worst_conn_rank(&in->worst_conns, c, *ret);
	conn_story_offer(&in->story, c, &rank);
	return 0;
}

int gather_conn(struct gathered *in, const struct tcp_conn *c)
{
	bool is_shown = !tcp_conn_is_listener(c) && view_shows_conn(in->context, c) &&
			(!in->pick || conn_pick_fit(in->pick, c));
	struct conn_history *t = NULL;
	int r = note_ends(in, c);

	if (!r && is_shown && in->pick)
		r = story_history(in, c, &t);
	t = conn_histories_take(&in->conn_histories, c);
	if (!r && is_shown)
		r = count_in_groups(in, c, t);
	if (r < 0 || !is_shown) {
		conn_histories_give(&in->conn_histories, t);
		return r;
	}
	worst_conns_offer(&in->worst_conns, c, t, &in->conn_histories);
	return 0;
}
