// SPDX-License-Identifier: MIT
#include "gather/counters.h"

#include "base/units.h"

/* Data in a segment on Ethernet: 1,500 bytes less 40 of headers and 12 of timestamps. */
#define SEGMENT_BYTES 1448u
#define FEW_RETRANS   10u

uint64_t counters_data_retrans(const struct counters *s)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < TCP_CAUSE_N; i++) {
		if (i != TCP_CAUSE_TLP && i != TCP_CAUSE_SYN && i != TCP_CAUSE_SYNACK)
			n += s->events.retrans[i];
	}
	return n;
}

uint64_t counters_data_resent(const struct counters *s)
{
	uint64_t events = counters_data_retrans(s), probes = s->events.retrans[TCP_CAUSE_TLP];
	uint64_t tcp_info = s->tcp_info.retrans_segs;

	/* The share of probes in tcp_info is taken to be the same as among events. */
	if (events + probes)
		tcp_info =
			(uint64_t)((double)tcp_info * (double)events / (double)(events + probes));
	return events > tcp_info ? events : tcp_info;
}

uint64_t counters_timeouts(const struct counters *s)
{
	return s->events.retrans[TCP_CAUSE_RTO] > s->tcp_info.timeouts
		       ? s->events.retrans[TCP_CAUSE_RTO]
		       : s->tcp_info.timeouts;
}

uint64_t counters_resets(const struct counters *s, unsigned int direction)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < RESET_KINDS; i++)
		n += s->events.resets[direction][i];
	return n;
}

uint64_t counters_rejected(const struct counters *s)
{
	const uint32_t *n = s->attempts.results;

	return (uint64_t)n[CONNECT_REFUSED] + n[CONNECT_RESET] + n[CONNECT_UNREACHABLE] +
	       n[CONNECT_LOCAL] + n[CONNECT_ERROR];
}

uint64_t counters_round_trip_ns(const struct counters *s)
{
	const struct latency *l = s->attempts.latency;
	uint64_t rtt_ns = s->conns.min_rtt_us * NSEC_PER_USEC, least_ns = l ? l->least_ns : 0;

	return rtt_ns && (!least_ns || rtt_ns < least_ns) ? rtt_ns : least_ns;
}

uint64_t counters_sent_bytes(const struct counters *s)
{
	return s->tcp_info.acked_bytes + s->calls.tx_bytes + s->far_ends.tx_bytes;
}

uint64_t counters_received_bytes(const struct counters *s)
{
	return s->tcp_info.received_bytes + s->calls.rx_bytes + s->far_ends.rx_bytes;
}

uint64_t counters_bytes(const struct counters *s)
{
	return counters_sent_bytes(s) + counters_received_bytes(s);
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* What a rate is made of: bytes by struct tcp_info, or by the calls of processes, and events. */
struct rate_parts {
	bool has_tcp_info;
	uint64_t sent, resent; /* bytes */
	uint64_t calls;	       /* bytes */
	uint64_t events;       /* retransmissions */
	uint64_t n_resent;     /* retransmissions, by events or by struct tcp_info */
	struct cleared_counts cleared;
};

/* The rate may differ from that with the connections whose bytes nobody knows by so much: half of
 * it, or this. */
#define UNSIZED_PPM 1000u

/* Whether the connections whose bytes nobody knows could make the rate another one. Each of their
 * retransmissions repeats a segment, which was sent before: that bounds the rate from above. */
static bool is_open_to_cleared(const struct rate *r, const struct cleared_counts *c)
{
	uint64_t unsized = less(c->retrans, c->sized_retrans) * SEGMENT_BYTES;
	uint64_t most = ppm_of(r->part + unsized, r->whole + 2 * unsized);

	return unsized && most > r->ppm + (r->ppm / 2 > UNSIZED_PPM ? r->ppm / 2 : UNSIZED_PPM);
}

static struct rate rate_of(const struct rate_parts *p)
{
	struct rate r = {0};
	uint64_t segments = 0, estimated = p->cleared.sized_retrans * SEGMENT_BYTES;
	uint64_t sent = p->sent + p->cleared.sized_bytes + estimated;

	if (p->has_tcp_info && (sent || !p->calls)) {
		r = (struct rate){.basis = RATE_BYTES,
				  .part = p->resent + estimated,
				  .whole = sent,
				  .is_estimated = estimated};
		segments = sent / SEGMENT_BYTES;
	} else if (p->calls) {
		segments = p->calls / SEGMENT_BYTES;
		r = (struct rate){
			.basis = RATE_CALLS, .part = p->events, .whole = segments + p->events};
	}
	if (r.whole < r.part)
		r.whole = r.part;
	r.ppm = ppm_of(r.part, r.whole);
	if (r.basis == RATE_BYTES && is_open_to_cleared(&r, &p->cleared))
		return (struct rate){.is_cleared = true};
	r.is_of_little =
		r.basis && r.part && segments < RATE_SEGMENTS_MIN && p->n_resent < RATE_RESENT_MIN;
	return r;
}

/* Retransmissions of data, by events, without those of connections whose tcp_info was cleared or
 * was not asked for. */
static uint64_t known_retrans(const struct counters *s)
{
	return less(counters_data_retrans(s), s->cleared.retrans + s->unasked_retrans);
}

/* True if struct tcp_info covers most of the retransmissions. On a tape that is cut off, or in a
 * part of a tape, it is known of few connections. */
static bool is_tcp_info_whole(const struct counters *s)
{
	return s->tcp_info.conns && known_retrans(s) <= 2 * s->tcp_info.retrans_segs + FEW_RETRANS;
}

struct rate counters_retrans_rate(const struct counters *s)
{
	return rate_of(&(struct rate_parts){
		.has_tcp_info = is_tcp_info_whole(s),
		.sent = s->tcp_info.sent_bytes,
		.resent = s->tcp_info.retrans_bytes,
		.calls = s->calls.tx_bytes,
		.events = counters_data_retrans(s),
		.n_resent = counters_data_resent(s),
		.cleared = s->cleared,
	});
}

static uint64_t data_lost(const struct counters *s)
{
	return less(counters_data_resent(s), s->events.stall_retrans + s->events.fin_retrans) +
	       s->events.tlp_recovered;
}

uint64_t counters_data_lost(const struct counters *s)
{
	return less(data_lost(s), s->explained ? data_lost(s->explained) : 0);
}

/* The share of retransmissions that stands for a loss: without that of stalled connections, which
 * retransmit whatever the rate of loss is. */
static uint64_t lost_share(const struct counters *s, uint64_t resent)
{
	uint64_t n = counters_data_resent(s) + s->events.tlp_recovered;

	return n ? (uint64_t)((double)resent * (double)data_lost(s) / (double)n) : 0;
}

/* Retransmitted bytes that stand for a loss: without the spurious ones. */
static uint64_t all_lost_bytes(const struct counters *s)
{
	return lost_share(s, less(s->tcp_info.retrans_bytes, s->tcp_info.spurious_bytes));
}

static struct cleared_counts cleared_lost(const struct counters *s)
{
	struct cleared_counts c = s->cleared;

	c.retrans = lost_share(s, c.retrans);
	c.sized_retrans = lost_share(s, c.sized_retrans);
	return c;
}

static struct cleared_counts cleared_lost_of_rest(const struct counters *s,
						  const struct counters *part)
{
	struct cleared_counts c = cleared_lost(s), x = cleared_lost(part);

	c.retrans = less(c.retrans, x.retrans);
	c.sized_retrans = less(c.sized_retrans, x.sized_retrans);
	c.sized_bytes = less(c.sized_bytes, x.sized_bytes);
	return c;
}

static uint64_t lost_bytes(const struct counters *s)
{
	return less(all_lost_bytes(s), s->explained ? all_lost_bytes(s->explained) : 0);
}

static uint64_t all_lost_events(const struct counters *s)
{
	return less(counters_data_retrans(s), s->events.stall_retrans + s->events.fin_retrans);
}

static uint64_t lost_events(const struct counters *s)
{
	return less(all_lost_events(s), s->explained ? all_lost_events(s->explained) : 0);
}

struct rate counters_lost_rate(const struct counters *s)
{
	return rate_of(&(struct rate_parts){
		.has_tcp_info = is_tcp_info_whole(s),
		.sent = s->tcp_info.sent_bytes,
		.resent = lost_bytes(s),
		.calls = s->calls.tx_bytes,
		.events = lost_events(s),
		.n_resent = counters_data_lost(s),
		.cleared = cleared_lost(s),
	});
}

struct rate counters_lost_of_rest(const struct counters *s, const struct counters *part)
{
	return rate_of(&(struct rate_parts){
		.has_tcp_info = is_tcp_info_whole(s),
		.sent = less(s->tcp_info.sent_bytes, part->tcp_info.sent_bytes),
		.resent = less(lost_bytes(s), lost_bytes(part)),
		.calls = less(s->calls.tx_bytes, part->calls.tx_bytes),
		.events = less(lost_events(s), lost_events(part)),
		.n_resent = less(counters_data_lost(s), counters_data_lost(part)),
		.cleared = cleared_lost_of_rest(s, part),
	});
}

static void leave_out_events(struct event_counts *s, const struct event_counts *x)
{
	for (unsigned int i = 0; i < TCP_CAUSE_N; i++)
		s->retrans[i] = less(s->retrans[i], x->retrans[i]);
	s->series = less(s->series, x->series);
	s->stall_series = less(s->stall_series, x->stall_series);
	s->stall_retrans = less(s->stall_retrans, x->stall_retrans);
	s->waited_ns = less(s->waited_ns, x->waited_ns);
	s->tlp_recovered = less(s->tlp_recovered, x->tlp_recovered);
}

static void leave_out_tcp_info(struct tcp_info_counts *s, const struct tcp_info_counts *x)
{
	s->with_retrans = less(s->with_retrans, x->with_retrans);
	s->retrans_bytes = less(s->retrans_bytes, x->retrans_bytes);
	s->retrans_segs = less(s->retrans_segs, x->retrans_segs);
	s->timeouts = less(s->timeouts, x->timeouts);
	s->timeouts_ms = less(s->timeouts_ms, x->timeouts_ms);
}

struct counters counters_unexplained(const struct counters *s)
{
	struct counters left = *s;
	const struct counters *x = s->explained;

	left.explained = NULL;
	if (!x)
		return left;
	left.conns.with_retrans = less(s->conns.with_retrans, x->conns.with_retrans);
	left.conns.timed_out = less(s->conns.timed_out, x->conns.timed_out);
	left.conns.stalled = less(s->conns.stalled, x->conns.stalled);
	leave_out_events(&left.events, &x->events);
	leave_out_tcp_info(&left.tcp_info, &x->tcp_info);
	return left;
}

static void add_events(struct event_counts *s, const struct event_counts *x)
{
	for (unsigned int i = 0; i < TCP_CAUSE_N; i++)
		s->retrans[i] += x->retrans[i];
	s->series += x->series;
	s->stall_series += x->stall_series;
	s->stall_retrans += x->stall_retrans;
	s->waited_ns += x->waited_ns;
	s->tlp_recovered += x->tlp_recovered;
}

void counters_add_explained(struct counters *explained, const struct counters *x)
{
	explained->conns.with_retrans += x->conns.with_retrans;
	explained->conns.timed_out += x->conns.timed_out;
	explained->conns.stalled += x->conns.stalled;
	add_events(&explained->events, &x->events);
	explained->tcp_info.with_retrans += x->tcp_info.with_retrans;
	explained->tcp_info.retrans_bytes += x->tcp_info.retrans_bytes;
	explained->tcp_info.retrans_segs += x->tcp_info.retrans_segs;
	explained->tcp_info.timeouts += x->tcp_info.timeouts;
	explained->tcp_info.timeouts_ms += x->tcp_info.timeouts_ms;
}
