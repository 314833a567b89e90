// SPDX-License-Identifier: MIT
/*
 * attempts: adds attempts to connect to the counters of the groups that they belong to.
 */
#include <errno.h>

#include "base/units.h"
#include "gather/handlers.h"

static int count_latency(struct gathered *in, struct latency **l, uint64_t ns)
{
	if (!*l)
		*l = arena_alloc(&in->arena, sizeof(**l));
	if (!*l)
		return -ENOMEM;
	latency_add(*l, ns);
	return 0;
}

/* Whether it was established late, and not before a SYN was retransmitted. */
static bool is_slow(const struct tcp_conn *c, enum connect_result result)
{
	uint64_t ns;

	return result == CONNECT_OK && connect_syns(c) &&
	       (!connect_latency(c, &ns) || ns >= SLOW_CONNECT_MS * NSEC_PER_MSEC);
}

/* Whether this host sent a RST before the connection was established: its SYN was answered by an
 * acknowledgement of something else (RFC 9293, 3.10.7.3). */
static bool is_misanswered(const struct tcp_conn *c, enum connect_result result)
{
	return result == CONNECT_OK && tcp_conn_attempt(c)->n_resets_sent;
}

/* Notes the start of an attempt that got no answer or a late one, or the end of one that was
 * rejected. */
static int note_trouble_time(struct gathered *in, struct attempt_counts *s,
			     const struct tcp_conn *c, enum connect_result result)
{
	bool is_late = is_slow(c, result), is_silent = connect_is_unanswered(c, result);
	struct time_spread **time_spread = is_late     ? &s->slow_times
					   : is_silent ? &s->unanswered_times
						       : &s->rejected_times;

	if (!is_late && !is_silent && !connect_has_failed(c, result))
		return 0;
	if (!*time_spread)
		*time_spread = arena_alloc(&in->arena, sizeof(**time_spread));
	if (!*time_spread)
		return -ENOMEM;
	time_spread_add(*time_spread, is_silent || is_late ? c->seen_ns : c->end_ns);
	return 0;
}

static void count_unanswered(struct attempt_counts *s, const struct tcp_conn *c,
			     enum connect_result result)
{
	s->unanswered++;
	s->unsent += connect_is_unsent(c);
	s->before += !c->is_born;
	s->aborted += result == CONNECT_ABORTED;
}

static void count_result(struct attempt_counts *s, const struct tcp_conn *c,
			 enum connect_result result)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	bool has_failed = connect_has_failed(c, result);
	uint64_t ns;

	s->n++;
	s->results[result]++;
	s->syns += connect_syns(c);
	s->failed += has_failed;
	s->fell_back += has_failed && tcp_conn_attempt(c)->rival_ns > c->end_ns;
	if (connect_is_unanswered(c, result))
		count_unanswered(s, c, result);
	if (is_slow(c, result))
		s->slow++;
	if (is_misanswered(c, result)) {
		s->misanswered++;
		s->slow_misanswered += is_slow(c, result);
	}
	if (result == CONNECT_REFUSED)
		s->refused_unseen += !cold->n_resets_received;
	else if (result == CONNECT_LOCAL)
		s->no_port += cold->err == EADDRNOTAVAIL;
	else if (result == CONNECT_SUPERSEDED && connect_latency(c, &ns))
		s->superseded_late += ns >= CONNECT_OVERDUE_MS * NSEC_PER_MSEC;
}

void gather_join(struct counters *counters, const struct tcp_conn *c)
{
	struct join_counts *s = &counters->joins;

	s->syns += connect_syns(c);
	if (connect_result_of(c) == CONNECT_JOINED) {
		s->joined++;
		return;
	}
	if (!s->not_joined || c->seen_ns < s->first_ns)
		s->first_ns = c->seen_ns;
	if (c->seen_ns > s->last_ns)
		s->last_ns = c->seen_ns;
	s->not_joined++;
	if (c->ending == TCP_ENDING_REMOTE_RESET || c->ending == TCP_ENDING_ERROR)
		s->rejected++;
	else
		s->unanswered += connect_syns(c) > 0;
}

int gather_attempt(struct gathered *in, struct counters *counters, const struct tcp_conn *c,
		   bool with_latency)
{
	struct attempt_counts *s = &counters->attempts;
	enum connect_result result = connect_result_of(c);
	uint64_t ns;

	count_result(s, c, result);
	if (note_trouble_time(in, s, c, result) < 0)
		return -ENOMEM;
	if (!with_latency || !connect_latency(c, &ns))
		return 0;
	if (result == CONNECT_OK)
		return count_latency(in, &s->latency, ns);
	return result == CONNECT_ABORTED ? count_latency(in, &s->given_up, ns) : 0;
}
