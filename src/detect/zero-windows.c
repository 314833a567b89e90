// SPDX-License-Identifier: MIT
#include "detect/zero-windows.h"

#include <errno.h>

#include "base/units.h"
#include "gather/stalls.h"
#include "tcp/names.h"

/* Limit for connections that are kept one by one; those after it are only counted. */
#define ZERO_WINDOWS_MAX 16384u

#define SEGMENT_MAX 1460u

void zero_windows_init(struct zero_windows *zs)
{
	*zs = (struct zero_windows){
		.items = {.key_size = sizeof(uint32_t), .item_size = sizeof(struct zero_window)}};
}

void zero_windows_done(struct zero_windows *zs)
{
	groups_done(&zs->items);
}

static uint64_t tcp_info_value(const struct tcp_info_values *f, enum tcp_info_field which)
{
	uint64_t v;

	return tcp_info_get(f, which, &v) ? v : 0;
}

/* The data in flight while the sender waited for the window, by Little's law. */
static double in_flight(const struct tcp_info_values *f, const struct tcp_info_growth *growth)
{
	return (double)growth->acked_bytes * (double)tcp_info_value(f, TCP_INFO_RTT_US) /
	       (double)growth->rwnd_limited_us;
}

/*
 * True if the receive window was zero or tiny for most of the time that the sender waited for it.
 * Waiting alone is no trouble if the reader is as fast as the network: then a whole window is in
 * flight. Less in flight than the initial window means a tiny receive window.
 */
static bool was_tiny(const struct tcp_info_values *f, const struct tcp_info_growth *growth)
{
	uint64_t limited_us = growth->rwnd_limited_us;
	uint64_t mss = tcp_info_value(f, TCP_INFO_SND_MSS);

	mss = mss < SEGMENT_MAX ? mss : SEGMENT_MAX;
	return limited_us >= ZERO_WINDOW_LIMITED_US_MIN && mss &&
	       tcp_info_value(f, TCP_INFO_RTT_US) &&
	       in_flight(f, growth) < (double)(mss * ZERO_WINDOW_SEGMENTS);
}

/*
 * Of a tiny window: true if the peer's buffer is small, and its process reads. Then nearly a whole
 * window is in flight in each round trip; one that is shut because nobody reads is open only at
 * times. On a short way the two look the same.
 */
static bool was_small(const struct tcp_info_values *f, const struct tcp_info_growth *growth)
{
	uint64_t wnd;

	return tcp_info_value(f, TCP_INFO_RTT_US) >= SMALL_WINDOW_RTT_US_MIN &&
	       tcp_info_get(f, TCP_INFO_SND_WND, &wnd) && wnd &&
	       in_flight(f, growth) * 2 >= (double)wnd;
}

/* Estimates when waiting for the window began: the whole time waited before the event, but not
 * before the connection or the tape began. */
static uint64_t limited_from_ns(const struct gathered *in, const struct tcp_event *e,
				uint64_t limited_us)
{
	uint64_t ns = limited_us * NSEC_PER_USEC, seen = e->conn->seen_ns;

	if (seen < in->from_ns)
		seen = in->from_ns;
	return limited_us && ns < e->ts_ns && e->ts_ns - ns > seen ? e->ts_ns - ns : seen;
}

/* Finds or makes the item of a connection. *ret is NULL where there is no room. */
static int zero_of(struct zero_windows *zs, uint32_t conn, struct zero_window **ret)
{
	int r;

	*ret = groups_get_up_to(&zs->items, &conn, ZERO_WINDOWS_MAX, &r);
	return r;
}

/* Whose window a row shows to be zero. */
struct shut {
	bool is_theirs, is_ours;
};

static struct shut shut_of(const struct tcp_event *e)
{
	bool is_open = e->kind != TCP_KIND_SOCKET_FINAL && e->state == TCP_STATE_ESTABLISHED;
	uint64_t wnd, waiting = tcp_info_value(e->tcp_info, TCP_INFO_NOTSENT_BYTES);

	return (struct shut){
		is_open && waiting && tcp_info_get(e->tcp_info, TCP_INFO_SND_WND, &wnd) && !wnd,
		is_open && tcp_info_get(e->tcp_info, TCP_INFO_RCV_WND, &wnd) && !wnd,
	};
}

/* Finds or makes the item of the row's connection if the row shows a window of it to be zero. *ret
 * is NULL where it does not, or where there is no room. 0 or -ENOMEM. */
static int zero_of_shut(struct zero_windows *zs, const struct tcp_event *e,
			struct zero_window **ret)
{
	struct shut shut = shut_of(e);

	*ret = NULL;
	if (!e->conn || (!shut.is_theirs && !shut.is_ours))
		return 0;
	return zero_of(zs, e->conn->id, ret);
}

int zero_windows_note_before(struct zero_windows *zs, const struct tcp_event *e)
{
	struct zero_window *z;

	if (zero_of_shut(zs, e, &z) < 0)
		return -ENOMEM;
	if (z)
		z->is_older = true;
	return 0;
}

int zero_windows_sample(struct zero_windows *zs, const struct tcp_event *e)
{
	struct zero_window *z;

	if (zero_of_shut(zs, e, &z) < 0)
		return -ENOMEM;
	if (z) {
		z->n_shut++;
		gather_span(&z->shut_from_ns, &z->shut_to_ns, e->ts_ns);
	}
	return 0;
}

int zero_windows_note(struct zero_windows *zs, const struct gathered *in,
		      const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct shut shut = shut_of(e);
	struct zero_window *z;

	if (!shut.is_theirs && !shut.is_ours && !was_tiny(e->tcp_info, g->growth))
		return 0;
	if (zero_of(zs, e->conn->id, &z) < 0)
		return -ENOMEM;
	if (!z) {
		zs->n_more[shut.is_ours && !shut.is_theirs]++;
		return 0;
	}
	z->is_found = true;
	z->is_ours = shut.is_ours && !shut.is_theirs;
	z->is_at_end = shut.is_theirs || shut.is_ours;
	z->is_small =
		!z->is_at_end && !z->is_older && !z->n_shut && was_small(e->tcp_info, g->growth);
	z->window_bytes = tcp_info_value(e->tcp_info, TCP_INFO_SND_WND);
	z->rtt_us = tcp_info_value(e->tcp_info, TCP_INFO_RTT_US);
	z->whose = whose_conn(in, e->conn);
	z->remote = g->subject.remote;
	z->limited_us = g->growth->rwnd_limited_us;
	z->waiting_bytes = tcp_info_value(e->tcp_info, TCP_INFO_NOTSENT_BYTES);
	z->from_ns = limited_from_ns(in, e, g->growth->rwnd_limited_us);
	z->to_ns = e->ts_ns;
	return 0;
}

/* The time that the sender waited for the window, without that of its worst stall: in a stall the
 * window is what the peer told last, and says nothing of its reader. */
static uint64_t limited_without_stall_us(const struct zero_window *z, const struct tcp_conn *c,
					 const struct conn_history *history)
{
	bool is_for_good = history->run.n && stall_is_for_good(history, c->ending);
	const struct timeout_run *run = is_for_good ? &history->run : &history->worst_run;
	uint64_t to_ns = is_for_good ? c->end_ns : run->moved_ns, stalled_us;

	if (!run->from_ns || run->from_ns >= to_ns)
		return z->limited_us;
	stalled_us = (to_ns - run->from_ns) / NSEC_PER_USEC;
	return z->limited_us > stalled_us ? z->limited_us - stalled_us : 0;
}

void zero_windows_end(struct zero_windows *zs, const struct gathered *in, const struct tcp_conn *c,
		      const struct conn_history *history)
{
	struct zero_window *z = groups_find(&zs->items, &c->id);

	if (!z)
		return;
	if (stall_kind_of(history, c->ending) == STALL_WINDOW) {
		z->is_found = false;
	} else if (history && history->worst_run.n) {
		bool is_for_good = stall_is_for_good(history, c->ending);

		z->limited_us = limited_without_stall_us(z, c, history);
		z->is_found &= (z->is_at_end && !is_for_good) ||
			       z->limited_us >= ZERO_WINDOW_LIMITED_US_MIN;
	}
	z->ending = c->ending;
	if (z->is_found)
		z->whose = whose_conn(in, c);
}

/* True if a is worse than b: the longest first, and then the order of the connections. */
static bool is_worse(const struct zero_window *a, const struct zero_window *b)
{
	return a->limited_us != b->limited_us ? a->limited_us > b->limited_us : a->conn < b->conn;
}

static enum window_fault fault_of(const struct zero_window *z)
{
	return z->is_small ? WINDOW_SMALL : z->is_ours ? WINDOW_OURS : WINDOW_THEIRS;
}

struct zero_window_sum zero_windows_sum(const struct zero_windows *zs, const struct ends *ends,
					enum window_fault fault)
{
	struct zero_window_sum sum = {.n = fault == WINDOW_SMALL ? 0 : zs->n_more[fault]};
	struct group_walk walk = {0};
	const struct zero_window *z;

	while ((z = groups_next(&zs->items, &walk))) {
		if (!z->is_found || fault_of(z) != fault)
			continue;
		sum.n++;
		sum.n_twins += ends_has_other(ends, &z->whose.local, &z->remote);
		sum.at_end += z->is_at_end;
		sum.older += z->is_older;
		sum.limited_us += z->limited_us;
		sum.waiting_bytes += z->waiting_bytes;
		if (!sum.worst || is_worse(z, sum.worst))
			sum.worst = z;
	}
	return sum;
}
