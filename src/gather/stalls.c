// SPDX-License-Identifier: MIT
/*
 * stalls: what the rows of sock_diag say about connections that wait for an acknowledgement: since
 * when they wait, and what it is that waits.
 */
#include "gather/stalls.h"

#include <errno.h>

#include "base/units.h"
#include "gather/handlers.h"
#include "gather/timeout-runs.h"
#include "tcp/names.h"

/* Kinds of idiag_timer in a row (tracepoint/socket-row.h). */
#define TIMER_RETRANSMIT 1u

/* The kernel reports an earlier ICMP error, where there was one, instead of ETIMEDOUT
 * (tcp_write_err). With other errors somebody ended the connection, such as an administrator
 * (ECONNABORTED). */
static bool is_of_network(int32_t err)
{
	return err == EHOSTUNREACH || err == ENETUNREACH || err == EHOSTDOWN || err == ENETDOWN;
}

bool stall_is_given_up(const struct conn_history *t, uint8_t ending)
{
	return ending == TCP_ENDING_TIMEOUT ||
	       (ending == TCP_ENDING_ERROR && t->run.n && is_of_network(t->err));
}

/* True if the kernel gave up a connection whose peer's window was shut, because nobody answered the
 * probes. Answered probes are given up only for TCP_USER_TIMEOUT. */
static bool is_unanswered_window(const struct conn_history *t, uint8_t ending)
{
	const struct stall_figures *f = &t->figures;

	return ending == TCP_ENDING_TIMEOUT && t->run.n < STALL_TIMEOUTS && f->is_known &&
	       f->waiting_bytes && (f->has_probes ? f->probes > 0 : f->is_window_shut);
}

enum stall_kind stall_kind_of(const struct conn_history *t, uint8_t ending)
{
	if (!t)
		return STALL_NONE;
	if (conn_history_is_of_fin(t))
		return t->worst_run.n >= STALL_TIMEOUTS ? STALL_FIN : STALL_NONE;
	if (is_unanswered_window(t, ending))
		return STALL_WINDOW;
	return t->worst_run.n >= STALL_TIMEOUTS || (stall_is_given_up(t, ending) && t->run.n)
		       ? STALL_TIMEOUT
		       : STALL_NONE;
}

bool stall_is_for_good(const struct conn_history *t, uint8_t ending)
{
	return stall_is_given_up(t, ending) ||
	       (ending == TCP_ENDING_OPEN && t->run.n >= STALL_TIMEOUTS);
}

static uint64_t value_of(const struct tcp_event *e, enum tcp_info_field which)
{
	uint64_t v;

	return tcp_info_get(e->tcp_info, which, &v) ? v : 0;
}

/* The time from the start of a run of timeouts to the row, at least: all timeouts that have
 * expired, each twice as long as the one before, and the part of the present one that is over.
 * *ret_first_ns is the length of the first one. 0: unknown. */
static uint64_t run_waited_ns(const struct tcp_event *e, uint64_t *ret_first_ns)
{
	uint64_t rto = value_of(e, TCP_INFO_RTO_US), doublings = value_of(e, TCP_INFO_BACKOFF);
	uint64_t first;

	*ret_first_ns = 0;
	if (!rto || !doublings || doublings > 20)
		return 0;
	first = rto >> doublings;
	*ret_first_ns = first * NSEC_PER_USEC;
	if (tcp_event_has(e, TCP_FIELD_TIMER) && e->timer == TIMER_RETRANSMIT &&
	    tcp_event_has(e, TCP_FIELD_TIMER_MS) && (uint64_t)e->timer_ms * 1000 < rto)
		rto -= (uint64_t)e->timer_ms * 1000;
	else
		rto = 0;
	return (first * (((uint64_t)1 << doublings) - 1) + rto) * NSEC_PER_USEC;
}

static bool has_timed_out(const struct tcp_event *e)
{
	return e->kind == TCP_KIND_SOCKET_DUMPED && e->state != TCP_STATE_SYN_SENT &&
	       e->state != TCP_STATE_SYN_RECV && value_of(e, TCP_INFO_RETRANSMITS);
}

/* Notes the timeouts in a row that a row of the table at the start or at the end shows, because
 * their events may not be on the tape. */
int gather_tabled_run(struct gathered *in, const struct tcp_event *e)
{
	bool is_start = e->dump == SOCKET_DUMP_START;
	uint64_t n = value_of(e, TCP_INFO_RETRANSMITS), first_ns, waited_ns;
	struct timeout_run run = {.state = (uint8_t)e->state};
	struct conn_history *t;

	if (!e->conn || !has_timed_out(e))
		return 0;
	t = conn_histories_find(&in->conn_histories, e->conn);
	/* At the end a run matters only if it is long, or has begun already. */
	if (!t && !is_start && n < STALL_TIMEOUTS)
		return 0;
	if (!t && conn_histories_of(&in->conn_histories, e->conn, &t) < 0)
		return -ENOMEM;
	if (!t)
		return 0;
	run.n = n < UINT16_MAX ? (uint16_t)n : UINT16_MAX;
	waited_ns = run_waited_ns(e, &first_ns);
	if (waited_ns && waited_ns < e->ts_ns) {
		run.from_ns = e->ts_ns - waited_ns;
		run.first_ns = run.from_ns + first_ns;
	}
	run.to_ns = e->ts_ns;
	conn_history_tabled(t, &run, is_start);
	return 0;
}

/* The data that was written to the socket's peer for the first time, and what of it was
 * acknowledged. False: the kernel does not tell. */
static bool data_of(const struct tcp_event *e, uint64_t *ret_sent, uint64_t *ret_acked)
{
	uint64_t sent, again, acked;

	if (!tcp_info_get(e->tcp_info, TCP_INFO_BYTES_SENT, &sent) ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_RETRANS, &again) ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_ACKED, &acked) || again > sent)
		return false;
	/* bytes_acked counts the SYN of an active open. */
	*ret_sent = sent - again;
	*ret_acked = acked - (e->conn->is_client && acked);
	return true;
}

static struct stall_figures figures_of(const struct tcp_event *e, const struct tcp_info_growth *g)
{
	uint64_t sent, acked, window;
	struct stall_figures f = {
		.is_known = true,
		.is_data_resent = g->retrans_bytes > 0,
		.has_sacked = value_of(e, TCP_INFO_SACKED) > 0,
		.is_window_shut = tcp_info_get(e->tcp_info, TCP_INFO_SND_WND, &window) && !window,
		.mss = (uint32_t)value_of(e, TCP_INFO_SND_MSS),
		.pmtu = (uint32_t)value_of(e, TCP_INFO_PMTU),
		.retrans_segs = g->retrans_segs,
		.retrans_bytes = g->retrans_bytes,
		.probes = (uint32_t)value_of(e, TCP_INFO_PROBES),
		.waiting_bytes = value_of(e, TCP_INFO_NOTSENT_BYTES),
		.rwnd_limited_us = g->rwnd_limited_us,
		.busy_us = g->busy_us,
		.timeouts_ms = g->timeouts_ms,
		.heard_ns = answers_heard_ns(e),
	};

	f.has_probes = e->tcp_info->present & TCP_INFO_BIT(TCP_INFO_PROBES);
	if (g->retrans_segs)
		f.segment_bytes = (uint32_t)(g->retrans_bytes / g->retrans_segs);
	if (data_of(e, &sent, &acked)) {
		f.is_data_acked = acked >= sent && !f.waiting_bytes;
		f.is_nothing_acked = !acked;
	}
	return f;
}

void gather_note_mss(struct conn_history *t, const struct tcp_event *e)
{
	uint32_t mss = (uint32_t)value_of(e, TCP_INFO_SND_MSS);

	if (mss > t->mss_most)
		t->mss_most = mss;
}

/* Notes what the last tcp_info of a connection says, if the connection has a history. */
int gather_stall_figures(struct gathered *in, const struct tcp_event *e,
			 const struct tcp_info_growth *growth)
{
	struct conn_history *t = conn_histories_find(&in->conn_histories, e->conn);
	uint64_t segs = value_of(e, TCP_INFO_DATA_SEGS_OUT), sent, acked;

	if (t) {
		t->figures = figures_of(e, growth);
		gather_note_mss(t, e);
	}
	if (!segs || !data_of(e, &sent, &acked) || acked > sent)
		return 0;
	return answers_segments(&in->answers, &e->conn->remote.addr,
				acked / segs < UINT32_MAX ? (uint32_t)(acked / segs) : 0);
}
