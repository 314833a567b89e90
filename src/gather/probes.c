// SPDX-License-Identifier: MIT
/*
 * probes: takes samples, changes of the receive windows and the progress after a retransmission
 * from tcp_probe, and samples and windows from the recorder's own samples. The kernel traces
 * tcp_probe in tcp_rcv_established(), before it handles the segment that has come: the values are
 * those from before it.
 */
#include <errno.h>

#include "gather/handlers.h"

/* TCP_INFINITE_SSTHRESH of include/net/tcp.h: the connection has lost nothing yet. */
#define SSTHRESH_NONE 0x7fffffffu

static void sample_set(struct conn_sample *s, enum conn_quantity q, bool is_known, uint32_t value)
{
	s->values[q] = value;
	s->known |= (uint32_t)is_known << q;
}

static struct conn_sample sample_of_probe(const struct tcp_event *e)
{
	struct conn_sample s = {.ts_ns = e->ts_ns};
	bool has_seqs = tcp_event_has(e, TCP_FIELD_SND_NXT) && tcp_event_has(e, TCP_FIELD_SND_UNA);

	sample_set(&s, CONN_CWND, tcp_event_has(e, TCP_FIELD_SND_CWND), e->snd_cwnd);
	sample_set(&s, CONN_SSTHRESH,
		   tcp_event_has(e, TCP_FIELD_SSTHRESH) && e->ssthresh != SSTHRESH_NONE,
		   e->ssthresh);
	/* 0: no round trip was measured yet. */
	sample_set(&s, CONN_SRTT_US, tcp_event_has(e, TCP_FIELD_SRTT_US) && e->srtt_us, e->srtt_us);
	sample_set(&s, CONN_UNACKED_BYTES, has_seqs, e->snd_nxt - e->snd_una);
	sample_set(&s, CONN_SND_WND, tcp_event_has(e, TCP_FIELD_SND_WND), e->snd_wnd);
	sample_set(&s, CONN_RCV_WND, tcp_event_has(e, TCP_FIELD_RCV_WND), e->rcv_wnd);
	return s;
}

/* Adds a change of a window. A window that is open when it is seen first is none. */
static int window_follow(struct gathered *in, const struct tcp_event *e, struct conn_history *t,
			 bool *is_shut, bool is_shut_now, enum history_window shut)
{
	if (*is_shut == is_shut_now)
		return 0;
	*is_shut = is_shut_now;
	return gathered_history_event(in, e, t, HISTORY_WINDOW,
				      (uint8_t)(is_shut_now ? shut : shut + 1), 0);
}

static bool sample_has(const struct conn_sample *s, enum conn_quantity q)
{
	return s->known >> q & 1;
}

/* Keeps a sample, and the changes of windows that it shows. */
static int sample_take(struct gathered *in, const struct tcp_event *e, struct conn_history *t,
		       const struct conn_sample *s)
{
	int r = conn_histories_sample(&in->conn_histories, t, s);

	if (!r && sample_has(s, CONN_SND_WND))
		r = window_follow(in, e, t, &t->probe.is_peer_shut, !s->values[CONN_SND_WND],
				  HISTORY_PEER_SHUT);
	if (!r && sample_has(s, CONN_RCV_WND))
		r = window_follow(in, e, t, &t->probe.is_own_shut, !s->values[CONN_RCV_WND],
				  HISTORY_OWN_SHUT);
	return r;
}

/* snd_una has moved since the last tcp_probe: by the segment that came then. */
static int progress_follow(struct gathered *in, const struct tcp_event *e, struct conn_history *t)
{
	struct probe_state *p = &t->probe;
	bool has_moved = p->is_known && p->una != e->snd_una;
	struct history_event m = {.ts_ns = p->ts_ns, .kind = HISTORY_ACKED};
	int r = 0;

	if (has_moved && p->unanswered_ns && p->ts_ns >= p->unanswered_ns) {
		/* Something may have been noted since then. */
		if (t->last && t->last->n && t->last->items[t->last->n - 1].until_ns > m.ts_ns)
			m.ts_ns = t->last->items[t->last->n - 1].until_ns;
		r = conn_histories_add(&in->conn_histories, t, &m);
		p->unanswered_ns = 0;
	}
	p->una = e->snd_una;
	p->ts_ns = e->ts_ns;
	p->is_known = true;
	return r;
}

static struct conn_history *history_of(const struct gathered *in, const struct tcp_event *e)
{
	return e->conn ? conn_histories_find(&in->conn_histories, e->conn) : NULL;
}

int gather_probe(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t = history_of(in, e);
	const struct conn_sample sample = sample_of_probe(e);
	int r = t ? sample_take(in, e, t, &sample) : 0;

	return !r && t && tcp_event_has(e, TCP_FIELD_SND_UNA) ? progress_follow(in, e, t) : r;
}

static void sample_set_info(struct conn_sample *s, enum conn_quantity q,
			    const struct tcp_info_values *info, enum tcp_info_field field,
			    uint64_t none)
{
	uint64_t value;

	if (tcp_info_get(info, field, &value) && value != none && value <= UINT32_MAX)
		sample_set(s, q, true, (uint32_t)value);
}

static struct conn_sample sample_of_row(const struct tcp_event *e)
{
	struct conn_sample s = {.ts_ns = e->ts_ns};
	uint64_t unsent;

	sample_set_info(&s, CONN_CWND, e->tcp_info, TCP_INFO_SND_CWND, 0);
	sample_set_info(&s, CONN_SSTHRESH, e->tcp_info, TCP_INFO_SND_SSTHRESH, SSTHRESH_NONE);
	sample_set_info(&s, CONN_SRTT_US, e->tcp_info, TCP_INFO_RTT_US, 0);
	sample_set_info(&s, CONN_SND_WND, e->tcp_info, TCP_INFO_SND_WND, UINT64_MAX);
	sample_set_info(&s, CONN_RCV_WND, e->tcp_info, TCP_INFO_RCV_WND, UINT64_MAX);
	/* wqueue counts from snd_una to the end of what was written (tcp_diag_get_info). */
	if (tcp_event_has(e, TCP_FIELD_WQUEUE) &&
	    tcp_info_get(e->tcp_info, TCP_INFO_NOTSENT_BYTES, &unsent) && unsent <= e->wqueue)
		sample_set(&s, CONN_UNACKED_BYTES, true, e->wqueue - (uint32_t)unsent);
	return s;
}

int gather_sample(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t = history_of(in, e);
	const struct conn_sample sample = sample_of_row(e);

	if (!t || e->dump != SOCKET_SAMPLE_TROUBLED || !sample.known)
		return 0;
	gather_note_mss(t, e);
	return sample_take(in, e, t, &sample);
}
