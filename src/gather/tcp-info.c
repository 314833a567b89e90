// SPDX-License-Identifier: MIT
/*
 * What sock_diag says: the kernel's own figures of a socket when it is gone, or at the end, less
 * those of the table at the start. They are exact, whatever events were lost.
 */
#include <errno.h>

#include "base/units.h"
#include "gather/parts.h"
#include "tcp/connect-result.h"
#include "tcp/names.h"

struct base {
	uint64_t sent, resent, acked, received, limited_us;
	uint32_t segs, resegs, dsacks, timeouts, timeouts_ms;
};

static uint64_t figure(const struct tcp_info_values *f, enum tcp_info_field which)
{
	uint64_t v;

	return tcp_info_get(f, which, &v) ? v : 0;
}

static struct base base_of(const struct tcp_info_values *f)
{
	return (struct base){
		.sent = figure(f, TCP_INFO_BYTES_SENT),
		.resent = figure(f, TCP_INFO_BYTES_RETRANS),
		.acked = figure(f, TCP_INFO_BYTES_ACKED),
		.received = figure(f, TCP_INFO_BYTES_RECEIVED),
		.limited_us = figure(f, TCP_INFO_RWND_LIMITED_US),
		.segs = (uint32_t)figure(f, TCP_INFO_SEGS_OUT),
		.resegs = (uint32_t)figure(f, TCP_INFO_TOTAL_RETRANS),
		.dsacks = (uint32_t)figure(f, TCP_INFO_DSACK_DUPS),
		.timeouts = (uint32_t)figure(f, TCP_INFO_TOTAL_RTO),
		.timeouts_ms = (uint32_t)figure(f, TCP_INFO_TOTAL_RTO_TIME_MS),
	};
}

static uint64_t since(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

/* Of the bytes sent again, those that had arrived (DSACK, RFC 2883): the segments told so, at the
 * average size of those sent again. */
static uint64_t spurious(const struct base *now, const struct base *before)
{
	uint64_t bytes = since(now->resent, before->resent);
	uint64_t segs = since(now->resegs, before->resegs);
	uint64_t twice = since(now->dsacks, before->dsacks);

	return twice >= segs ? (segs ? bytes : 0) : bytes / segs * twice;
}

static void add(struct counters *s, const struct base *now, const struct base *before)
{
	s->with_tcp_info++;
	s->with_retrans_tcp_info += now->resegs > before->resegs && now->resent > before->resent;
	s->sent_bytes += since(now->sent, before->sent);
	s->resent_bytes += since(now->resent, before->resent);
	s->tx_bytes += since(now->acked, before->acked);
	s->rx_bytes += since(now->received, before->received);
	s->segs += since(now->segs, before->segs);
	s->resegs += since(now->resegs, before->resegs);
	s->dsacks += since(now->dsacks, before->dsacks);
	s->spurious_bytes += spurious(now, before);
	s->timeouts += since(now->timeouts, before->timeouts);
	s->timeouts_ms += since(now->timeouts_ms, before->timeouts_ms);
}

/* SYNs and SYN-ACKs that were sent again count among the kernel's segments and timeouts. Their events
 * may be missing; then the time until it was established tells: timeouts of 1, 2, 4 ... seconds
 * (RFC 6298, 2.1 and 5.5). */
static uint32_t handshake_timeouts(const struct tcp_conn *c)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint32_t seen = cold->n_syns + cold->n_synacks, by_time = 0;
	uint64_t ns;

	if (c->origin == TCP_ORIGIN_CONNECT && connect_latency(c, &ns)) {
		for (uint64_t wait = NSEC_PER_SEC; ns >= wait && by_time < 8; by_time++) {
			ns -= wait;
			wait *= 2;
		}
	}
	return seen > by_time ? seen : by_time;
}

/* Of one that was never established everything is handshake. */
static void leave_out_handshake(const struct tcp_conn *c, struct base *now)
{
	uint32_t handshake = handshake_timeouts(c);

	if (!c->was_established && !c->established_ns) {
		now->resegs = now->timeouts = now->timeouts_ms = 0;
		return;
	}
	now->resegs -= handshake < now->resegs ? handshake : now->resegs;
	if (!handshake)
		return;
	now->timeouts -= handshake < now->timeouts ? handshake : now->timeouts;
	/* How long which of them took is not told apart. */
	if (!now->timeouts)
		now->timeouts_ms = 0;
}

/* What it had when the recording began; false: not known. */
static bool find_base(const struct gathered *in, const struct tcp_event *e, struct base *ret)
{
	const uint64_t *place = map_get(&in->bases, e->cookie);

	*ret = (struct base){0};
	if (place) {
		*ret = *(const struct base *)(uintptr_t)*place;
		return true;
	}
	return e->conn->is_born || in->has_start_table;
}

/*
 * Waiting for a window is no trouble where the reader is as fast as the network: then a window's
 * worth is under way. By Little's law the data under way is rate times round-trip time: less than
 * even a new connection may send at once (RFC 6928) means that the window was shut, or tiny, for
 * most of that time.
 */
#define INITIAL_WINDOW 10u
#define SEGMENT_MAX    1460u

static bool was_shut(const struct tcp_info_values *f, const struct base *now,
		     const struct base *before)
{
	uint64_t limited_us = since(now->limited_us, before->limited_us);
	uint64_t rtt_us = figure(f, TCP_INFO_RTT_US), mss = figure(f, TCP_INFO_SND_MSS);
	double bytes = (double)since(now->acked, before->acked);

	mss = mss < SEGMENT_MAX ? mss : SEGMENT_MAX;
	return limited_us >= 1000000 && mss && rtt_us &&
	       bytes * (double)rtt_us / (double)limited_us < (double)(mss * INITIAL_WINDOW);
}

/* Waiting for it took no longer than this. */
static uint64_t shut_since(const struct gathered *in, const struct tcp_event *e,
			   uint64_t limited_us)
{
	uint64_t ns = limited_us * NSEC_PER_USEC, seen = e->conn->seen_ns;

	if (seen < in->from_ns)
		seen = in->from_ns;
	return limited_us && ns < e->ts_ns && e->ts_ns - ns > seen ? e->ts_ns - ns : seen;
}

static void note_shut(struct gathered *in, const struct tcp_event *e, const struct conn_subject *s,
		      const struct base *now, const struct base *before)
{
	uint64_t wnd, waiting = figure(e->tcp_info, TCP_INFO_NOTSENT_BYTES);
	bool is_end = e->kind == TCP_KIND_SOCKET_DUMPED && e->state == TCP_STATE_ESTABLISHED;
	bool is_theirs =
		is_end && waiting && tcp_info_get(e->tcp_info, TCP_INFO_SND_WND, &wnd) && !wnd;
	bool is_ours = is_end && tcp_info_get(e->tcp_info, TCP_INFO_RCV_WND, &wnd) && !wnd;
	struct zero_window *zero_windows;

	if (!is_theirs && !is_ours && !was_shut(e->tcp_info, now, before))
		return;
	if (in->n_zero_windows++ >= ZERO_WINDOWS_MAX)
		return;
	zero_windows = &in->zero_windows[in->n_zero_windows - 1];
	*zero_windows = (struct zero_window){
		.subject = *s,
		.is_ours = is_ours && !is_theirs,
		.is_open_end = is_theirs || is_ours,
		.limited_us = since(now->limited_us, before->limited_us),
		.waiting_bytes = waiting,
		.from_ns = shut_since(in, e, since(now->limited_us, before->limited_us)),
		.to_ns = e->ts_ns,
	};
	zero_windows->subject.comm = NULL;
}

/* So many timeouts in a row it has had at the end, and they may not be on the tape. */
static int note_run(struct gathered *in, const struct tcp_event *e)
{
	uint64_t in_a_row = figure(e->tcp_info, TCP_INFO_RETRANSMITS);
	struct conn_history *t;

	if (e->kind != TCP_KIND_SOCKET_DUMPED || in_a_row < STALL_TIMEOUTS ||
	    e->state == TCP_STATE_SYN_SENT)
		return 0;
	if (conn_histories_of(&in->conn_histories, e->conn, &t) < 0)
		return -ENOMEM;
	if (!t)
		return 0;
	/* Of a run whose begin is not on the tape the moment is not known. */
	if (!t->run)
		t->run_from_ns = 0;
	t->run = in_a_row > t->run ? (uint16_t)in_a_row : t->run;
	if (t->run > t->worst_run) {
		t->worst_run = t->run;
		t->worst_from_ns = t->run_from_ns;
		t->worst_to_ns = e->ts_ns;
	}
	return 0;
}

/* The kernel's last word, or its word at the end. */
static int gather_tcp_info(struct gathered *in, const struct tcp_event *e)
{
	struct counter_sets sets;
	struct base now, before;
	struct conn_subject s;

	if (!e->conn || !e->tcp_info || !view_in_window(in->context, e->ts_ns) ||
	    tcp_conn_is_listener(e->conn) ||
	    !event_filter_passes_conn(in->context->filter, e->conn) || !find_base(in, e, &before))
		return 0;
	now = base_of(e->tcp_info);
	leave_out_handshake(e->conn, &now);
	s = gather_subject_of_conn(in, e->conn);
	if (gather_served(in, e) < 0)
		return -ENOMEM;
	if (gathered_sets_of(in, &s, &sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++)
		add(sets.items[i], &now, &before);
	note_shut(in, e, &s, &now, &before);
	return note_run(in, e);
}

static int keep_base(struct gathered *in, const struct tcp_event *e)
{
	const struct base base = base_of(e->tcp_info);
	uint64_t *place;
	void *copy;

	if (!e->tcp_info || !e->cookie)
		return 0;
	copy = arena_copy(&in->arena, &base, sizeof(base));
	place = copy ? map_put(&in->bases, e->cookie, NULL) : NULL;
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)copy;
	return 0;
}

/* It was there before, unless an event told of it already. */
static void note_established(struct gathered *in, const struct tcp_event *e)
{
	if (e->state == TCP_STATE_ESTABLISHED && e->conn && !e->conn->established_ns &&
	    event_filter_passes_conn(in->context->filter, e->conn))
		timeline_level_before(&in->timeline, 1);
}

int gather_dumped(struct gathered *in, const struct tcp_event *e)
{
	if (e->listing == SOCKET_DUMP_START_DONE)
		in->has_start_table = !e->holders;
	if (e->listing != SOCKET_DUMP_START && e->listing != SOCKET_DUMP_END)
		return 0;
	if (e->state == TCP_STATE_LISTEN)
		return gather_listener(in, e);
	if (e->listing == SOCKET_DUMP_END)
		return gather_tcp_info(in, e);
	note_established(in, e);
	return keep_base(in, e);
}

int gather_final(struct gathered *in, const struct tcp_event *e)
{
	return gather_tcp_info(in, e);
}
