// SPDX-License-Identifier: MIT
/*
 * ended-conns: adds whole connections to the counters of the groups that they belong to.
 */
#include <errno.h>

#include "base/units.h"
#include "gather/handlers.h"
#include "gather/stalls.h"
#include "gather/timeout-runs.h"

static int count_latency(struct gathered *in, struct counters *s, uint64_t ns)
{
	if (!s->attempts.latency)
		s->attempts.latency = arena_alloc(&in->arena, sizeof(*s->attempts.latency));
	if (!s->attempts.latency)
		return -ENOMEM;
	latency_add(s->attempts.latency, ns);
	return 0;
}

/* True if an attempt got no answer although one was due. */
static bool is_unanswered(const struct tcp_conn *c, enum connect_result result)
{
	uint64_t ns = c->is_born ? c->end_ns - c->seen_ns : 0;

	switch (result) {
	case CONNECT_TIMEOUT: return true;
	case CONNECT_PENDING:
		return tcp_conn_cold(c)->n_syns || ns >= UNANSWERED_SYN_MS * NSEC_PER_MSEC;
	case CONNECT_ABORTED:
		return tcp_conn_cold(c)->n_syns || ns >= UNANSWERED_ABORT_MS * NSEC_PER_MSEC;
	default: return false;
	}
}

/* Notes the start of an attempt that got no answer or a late one, or the end of one that was
 * rejected. */
static int note_trouble_time(struct gathered *in, struct counters *s, const struct tcp_conn *c,
			     enum connect_result result)
{
	bool is_silent = is_unanswered(c, result);
	bool is_slow = result == CONNECT_OK && tcp_conn_cold(c)->n_syns;
	struct time_spread **time_spread = is_slow     ? &s->attempts.slow_times
					   : is_silent ? &s->attempts.unanswered_times
						       : &s->attempts.rejected_times;

	if (!is_slow && !is_silent && !connect_result_is_failure(result))
		return 0;
	if (!*time_spread)
		*time_spread = arena_alloc(&in->arena, sizeof(**time_spread));
	if (!*time_spread)
		return -ENOMEM;
	time_spread_add(*time_spread, is_silent || is_slow ? c->seen_ns : c->end_ns);
	return 0;
}

static int count_attempt(struct gathered *in, struct counters *s, const struct tcp_conn *c,
			 bool with_latency)
{
	enum connect_result result = connect_result_of(c);
	uint32_t syns = tcp_conn_cold(c)->n_syns;
	uint64_t ns;

	s->attempts.n++;
	s->attempts.results[result]++;
	s->attempts.syns += syns;
	if (result == CONNECT_OK)
		s->attempts.slow_by_syn += syns > 0;
	else if (is_unanswered(c, result))
		s->attempts.unanswered++;
	if (result == CONNECT_ABORTED && is_unanswered(c, result))
		s->attempts.aborted++;
	if (result == CONNECT_REFUSED)
		s->attempts.refused_unseen += !tcp_conn_cold(c)->n_resets_received;
	if (note_trouble_time(in, s, c, result) < 0)
		return -ENOMEM;
	if (!with_latency || result != CONNECT_OK || !connect_latency(c, &ns))
		return 0;
	return count_latency(in, s, ns);
}

static bool was_established(const struct tcp_conn *c)
{
	return c->was_established || c->established_ns;
}

static int count_conn(struct gathered *in, struct counters *s, const struct tcp_conn *c,
		      bool with_latency)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint32_t handshake = cold->n_syns + cold->n_synacks;

	s->conns.n++;
	s->conns.established += was_established(c);
	s->conns.with_retrans += c->n_retrans > handshake;
	s->conns.timed_out += cold->n_timeouts > cold->n_syns;
	s->conns.accepted += c->origin == TCP_ORIGIN_ACCEPT;
	s->conns.half_open += c->origin == TCP_ORIGIN_HALF_OPEN;
	/* The calls of processes count only where struct tcp_info is not known. */
	if (c->has_io && !c->has_final && !c->is_in_end_dump) {
		s->calls.tx_bytes += c->io_tx;
		s->calls.rx_bytes += c->io_rx;
	}
	return c->origin == TCP_ORIGIN_CONNECT ? count_attempt(in, s, c, with_latency) : 0;
}

/* FINs are not among what is lost: nobody waits for them. */
static void count_fins(struct counters *s, const struct conn_history *t)
{
	s->events.fin_series += t->close_series;
	s->events.fin_retrans += t->close_retrans;
	s->events.fin_timeouts += t->close_timeouts;
	s->events.fin_waited_ns += t->close_waited_ns;
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
	if (stall_is_for_good(t, c->ending))
		s->events.stall_series += t->stall_series;
}

static bool is_failed_connect(const struct tcp_conn *c)
{
	enum connect_result result = connect_result_of(c);

	return connect_result_is_failure(result) || is_unanswered(c, result);
}

int gather_conn(struct gathered *in, const struct tcp_conn *c)
{
	struct conn_history *t = conn_histories_take(&in->conn_histories, c);
	struct counter_sets sets;
	struct conn_subject s;

	if (tcp_conn_is_listener(c) || !view_shows_conn(in->context, c)) {
		conn_histories_give(&in->conn_histories, t);
		return 0;
	}
	s = gathered_subject_of_conn(in, c);
	if (gathered_sets_of(in, &s, &sets) < 0 || gather_parts_conn(&in->parts, in, c, t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++) {
		struct counters *set = sets.items[i];
		/* Detectors compare the latency to a destination with the latency in total. */
		bool with_latency = set == &in->total || set == sets.destination;

		if (count_conn(in, set, c, with_latency) < 0)
			return -ENOMEM;
		if (t)
			count_stall(set, c, t);
	}
	if (c->origin == TCP_ORIGIN_CONNECT && is_failed_connect(c))
		timeline_add(&in->timeline, c->seen_ns > in->from_ns ? c->seen_ns : in->from_ns,
			     TIMELINE_CONNECT_FAILURES, 1);
	worst_conns_offer(&in->worst_conns, c, t, &in->conn_histories);
	return 0;
}
