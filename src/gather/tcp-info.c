// SPDX-License-Identifier: MIT
/*
 * tcp-info: counts how much the tcp_info of each socket grew from the dump at the start until the
 * socket was destroyed, or until the dump at the end.
 */
#include <errno.h>

#include "base/units.h"
#include "gather/handlers.h"
#include "tcp/conn-data.h"
#include "tcp/connect-result.h"
#include "tcp/names.h"

/* A field of struct tcp_info; 0: the kernel did not report it. */
static uint64_t tcp_info_value(const struct tcp_info_values *f, enum tcp_info_field which)
{
	uint64_t v;

	return tcp_info_get(f, which, &v) ? v : 0;
}

/* The growth since the birth of the socket. Bytes are those of data alone, as in all views. */
static struct tcp_info_growth growth_from_birth(const struct tcp_conn *c,
						const struct tcp_info_values *f)
{
	struct tcp_info_growth growth = {
		.sent_bytes = tcp_info_value(f, TCP_INFO_BYTES_SENT),
		.retrans_bytes = tcp_info_value(f, TCP_INFO_BYTES_RETRANS),
		.busy_us = tcp_info_value(f, TCP_INFO_BUSY_TIME_US),
		.rwnd_limited_us = tcp_info_value(f, TCP_INFO_RWND_LIMITED_US),
		.sndbuf_limited_us = tcp_info_value(f, TCP_INFO_SNDBUF_LIMITED_US),
		.segs = (uint32_t)tcp_info_value(f, TCP_INFO_SEGS_OUT),
		.retrans_segs = (uint32_t)tcp_info_value(f, TCP_INFO_TOTAL_RETRANS),
		.dsacks = (uint32_t)tcp_info_value(f, TCP_INFO_DSACK_DUPS),
		.has_timeouts = f->present & TCP_INFO_BIT(TCP_INFO_TOTAL_RTO),
		.timeouts = (uint32_t)tcp_info_value(f, TCP_INFO_TOTAL_RTO),
		.timeouts_ms = (uint32_t)tcp_info_value(f, TCP_INFO_TOTAL_RTO_TIME_MS),
	};

	(void)conn_data_of(c, f, &growth.acked_bytes, &growth.received_bytes);
	return growth;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static uint32_t less32(uint32_t a, uint32_t b)
{
	return a > b ? a - b : 0;
}

/* Subtracts the growth before the recording began. */
static void growth_subtract(struct tcp_info_growth *now, const struct tcp_info_growth *base)
{
	now->sent_bytes = less(now->sent_bytes, base->sent_bytes);
	now->retrans_bytes = less(now->retrans_bytes, base->retrans_bytes);
	now->acked_bytes = less(now->acked_bytes, base->acked_bytes);
	now->received_bytes = less(now->received_bytes, base->received_bytes);
	now->busy_us = less(now->busy_us, base->busy_us);
	now->rwnd_limited_us = less(now->rwnd_limited_us, base->rwnd_limited_us);
	now->sndbuf_limited_us = less(now->sndbuf_limited_us, base->sndbuf_limited_us);
	now->segs = less32(now->segs, base->segs);
	now->retrans_segs = less32(now->retrans_segs, base->retrans_segs);
	now->dsacks = less32(now->dsacks, base->dsacks);
	now->timeouts = less32(now->timeouts, base->timeouts);
	now->timeouts_ms = less32(now->timeouts_ms, base->timeouts_ms);
}

/* Estimates the bytes that were retransmitted spuriously: one segment for each DSACK (RFC 2883), of
 * the average size of the retransmitted segments. */
static uint64_t spurious_bytes(const struct tcp_info_growth *g)
{
	if (g->dsacks >= g->retrans_segs)
		return g->retrans_segs ? g->retrans_bytes : 0;
	return g->retrans_bytes / g->retrans_segs * g->dsacks;
}

static void count_growth(struct counters *s, const struct tcp_info_growth *g)
{
	s->tcp_info.conns++;
	s->tcp_info.with_retrans += g->retrans_segs && g->retrans_bytes;
	s->tcp_info.sent_bytes += g->sent_bytes;
	s->tcp_info.retrans_bytes += g->retrans_bytes;
	s->tcp_info.acked_bytes += g->acked_bytes;
	s->tcp_info.received_bytes += g->received_bytes;
	s->tcp_info.segs += g->segs;
	s->tcp_info.retrans_segs += g->retrans_segs;
	s->tcp_info.dsacks += g->dsacks;
	s->tcp_info.spurious_bytes += spurious_bytes(g);
	s->tcp_info.timeouts += g->timeouts;
	s->tcp_info.with_timeouts += g->has_timeouts;
	s->tcp_info.timeouts_ms += g->timeouts_ms;
	s->tcp_info.busy_us += g->busy_us;
	s->tcp_info.rwnd_limited_us += g->rwnd_limited_us;
	s->tcp_info.sndbuf_limited_us += g->sndbuf_limited_us;
}

/*
 * The most SYNs that were sent again without an event on the tape: no more than the kernel counts
 * beyond the events (`total` of `events`), and no more than the handshake had time for beyond those
 * seen: one a second (RFC 6298, 2.1), as some kernels wait no longer the next times, either
 * (net.ipv4.tcp_syn_linear_timeouts). 0 where the tape has all events, however long it took.
 */
static uint32_t handshake_unseen(const struct tcp_conn *c, uint32_t total, uint32_t events)
{
	uint32_t by_time, seen = tcp_conn_cold(c)->n_syns, beyond = less32(total, events);
	uint64_t ns;

	if (!beyond || c->origin != TCP_ORIGIN_CONNECT || !connect_latency(c, &ns))
		return 0;
	by_time = less32((uint32_t)(ns / NSEC_PER_SEC), seen);
	return by_time < beyond ? by_time : beyond;
}

/*
 * Leaves out the timeouts that are none of data. The kernel counts those of a request socket, too
 * (tcp_create_openreq_child copies num_timeout), also where it had nothing to retransmit: a
 * listener with TCP_DEFER_ACCEPT waits that way for data. Nobody can tell them from those of data,
 * so for an accepted connection the events count, if they were recorded.
 */
static void leave_out_timeouts(const struct tcp_conn *c, struct tcp_info_growth *now)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint32_t seen = less32(cold->n_timeouts, cold->n_syns), before = now->timeouts;

	if (c->origin != TCP_ORIGIN_CONNECT && c->is_born && c->knows_retrans &&
	    now->timeouts > seen)
		now->timeouts = seen;
	/* Each timeout retransmits a segment, or tried to. */
	if (now->timeouts > now->retrans_segs)
		now->timeouts = now->retrans_segs > seen ? now->retrans_segs : seen;
	/* The kernel reports one time for all timeouts, so the share of those left out is unknown:
	 * it is left out only if no other timeout remains. */
	if (!now->timeouts || (now->timeouts != before && c->origin != TCP_ORIGIN_CONNECT))
		now->timeouts_ms = 0;
}

/* Leaves the handshake out of the growth. If the connection was never established, every segment
 * belongs to the handshake. Where SYNs may be missing among the events, what is left is the least:
 * the number of timeouts is not known then. */
static void leave_out_handshake(const struct tcp_conn *c, struct tcp_info_growth *now)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint32_t seen = cold->n_syns + cold->n_synacks;
	uint32_t segs = handshake_unseen(c, now->retrans_segs, c->n_retrans + cold->n_probes);
	uint32_t timeouts = handshake_unseen(c, now->timeouts, cold->n_timeouts);

	if (!c->was_established && !c->established_ns) {
		now->retrans_segs = now->timeouts = now->timeouts_ms = 0;
		return;
	}
	now->has_timeouts &= !timeouts;
	now->retrans_segs = less32(now->retrans_segs, seen + segs);
	now->timeouts = less32(now->timeouts, seen + timeouts);
	leave_out_timeouts(c, now);
}

bool gather_find_base(const struct gathered *in, const struct tcp_conn *c,
		      struct tcp_info_growth *ret)
{
	const uint64_t *place = c->cookie ? map_get(&in->bases.by_cookie, c->cookie) : NULL;
	const struct tcp_info_base *base = place ? (const void *)(uintptr_t)*place : NULL;

	*ret = (struct tcp_info_growth){0};
	if (c->is_born)
		return true;
	if (!base)
		return in->bases.is_complete;
	*ret = base->growth;
	/* It was learned later that this host called: the SYN was no data. */
	if (base->may_have_syn && c->is_client && ret->acked_bytes)
		ret->acked_bytes--;
	return true;
}

/* The repairs of a connection of which no event is on the tape: its timeouts. */
static void count_timeouts(struct gather_event *g, const struct tcp_info_growth *growth)
{
	uint64_t ns = growth->timeouts_ms * NSEC_PER_MSEC;
	uint64_t busy_ns = growth->busy_us * NSEC_PER_USEC;

	for (size_t i = 0; i < g->sets.n; i++)
		g->sets.items[i]->tcp_info.repairing_ns += ns < busy_ns ? ns : busy_ns;
}

/* Counts the growth by the last tcp_info of a socket, or by that at the end of the tape. */
static int gather_growth(struct gathered *in, struct gather_event *g,
			 struct tcp_info_growth *growth)
{
	const struct tcp_event *e = g->e;
	struct tcp_info_growth base;

	if (!e->conn || !e->tcp_info || !g->is_in_window || tcp_conn_is_listener(e->conn) ||
	    conn_data_is_hidden(e->conn, e->tcp_info) ||
	    !event_filter_passes_conn(in->context->filter, e->conn) ||
	    !gather_find_base(in, e->conn, &base))
		return 0;
	*growth = growth_from_birth(e->conn, e->tcp_info);
	leave_out_handshake(e->conn, growth);
	growth_subtract(growth, &base);
	g->growth = growth;
	g->subject = gathered_subject_of_conn(in, e->conn);
	if (gathered_sets_of(in, &g->subject, &g->sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < g->sets.n; i++)
		count_growth(g->sets.items[i], growth);
	if (!conn_histories_find(&in->conn_histories, e->conn))
		count_timeouts(g, growth);
	if (gather_stall_figures(in, e, growth) < 0)
		return -ENOMEM;
	return gather_tabled_run(in, e);
}

static int keep_base(struct gathered *in, const struct tcp_event *e)
{
	struct tcp_info_base base;
	uint64_t *place;
	void *copy;

	if (!e->tcp_info || !e->cookie || !e->conn)
		return 0;
	base.growth = growth_from_birth(e->conn, e->tcp_info);
	base.may_have_syn =
		!e->conn->is_client &&
		base.growth.acked_bytes == tcp_info_value(e->tcp_info, TCP_INFO_BYTES_ACKED);
	copy = arena_copy(&in->arena, &base, sizeof(base));
	place = copy ? map_put(&in->bases.by_cookie, e->cookie, NULL) : NULL;
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)copy;
	return 0;
}

/* Counts a connection of the dump at the start as established before the tape began, unless an
 * event has shown already when it was established. */
static void note_established(struct gathered *in, const struct tcp_event *e)
{
	if (e->state == TCP_STATE_ESTABLISHED && e->conn && !e->conn->established_ns &&
	    event_filter_passes_conn(in->context->filter, e->conn))
		timeline_level_before(&in->timeline, 1);
}

static void note_netns(struct gathered *in, const struct tcp_event *e)
{
	if (!tcp_event_has(e, TCP_FIELD_NETNS) || !e->netns)
		return;
	in->has_namespaces |= in->netns && in->netns != e->netns;
	in->netns = e->netns;
}

int gather_dumped(struct gathered *in, struct gather_event *g, struct tcp_info_growth *growth)
{
	const struct tcp_event *e = g->e;

	/* In the last row of a dump `holders` counts the namespaces of which sockets are
	 * missing. */
	if (e->dump == SOCKET_DUMP_START_DONE)
		in->bases.is_complete = !e->holders;
	if (e->dump != SOCKET_DUMP_START && e->dump != SOCKET_DUMP_END)
		return 0;
	note_netns(in, e);
	if (e->state == TCP_STATE_LISTEN) {
		gathered_note_listening(in, e->local.port);
		return 0;
	}
	if (ends_note_address(&in->ends, &e->local.addr) < 0)
		return -ENOMEM;
	if (e->dump == SOCKET_DUMP_END)
		return gather_growth(in, g, growth);
	note_established(in, e);
	if (keep_base(in, e) < 0)
		return -ENOMEM;
	return e->ts_ns < in->context->until_ns && e->conn &&
			       event_filter_passes_conn(in->context->filter, e->conn)
		       ? gather_tabled_run(in, e)
		       : 0;
}

int gather_final(struct gathered *in, struct gather_event *g, struct tcp_info_growth *growth)
{
	return gather_growth(in, g, growth);
}
