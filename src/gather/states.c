// SPDX-License-Identifier: MIT
/*
 * states: follows changes of TCP state and of congestion state.
 */
#include <errno.h>

#include "gather/handlers.h"
#include "gather/recovery.h"
#include "gather/timeout-runs.h"
#include "tcp/names.h"

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

int gather_state(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t;

	if (e->newstate == TCP_STATE_LISTEN)
		gathered_note_listening(in, e->local.port);
	else if (ends_note_address(&in->ends, &e->local.addr) < 0)
		return -ENOMEM;
	if (e->ts_ns >= in->context->until_ns || !g->passes_filter)
		return 0;
	follow_established(in, e);
	t = e->conn ? conn_histories_find(&in->conn_histories, e->conn) : NULL;
	if (e->conn && !t)
		recent_states_note(&in->conn_histories.recent, e->conn->id, (uint8_t)e->oldstate,
				   (uint8_t)e->newstate, e->ts_ns);
	if (e->ts_ns < in->context->since_ns)
		return 0;
	if (e->newstate == TCP_STATE_SYN_SENT && !(e->conn && tcp_conn_is_join(e->conn)))
		timeline_add(&in->timeline, e->ts_ns, TIMELINE_CONNECTS, 1);
	else if (e->newstate == TCP_STATE_ESTABLISHED && e->oldstate == TCP_STATE_SYN_RECV)
		timeline_add(&in->timeline, e->ts_ns, TIMELINE_ACCEPTS, 1);
	/* The FIN of this host, and with it all data, was acknowledged. */
	if (t && e->newstate == TCP_STATE_FIN_WAIT2)
		conn_history_moves(t, e->ts_ns);
	return gathered_history_event(in, e, t, HISTORY_STATE, (uint8_t)e->newstate, 0);
}

static int count_recovery(struct gathered *in, struct gather_event *g, bool is_by_tlp)
{
	g->subject = gathered_subject(in, g->e);
	if (gathered_sets_of(in, &g->subject, &g->sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < g->sets.n; i++) {
		struct counters *s = g->sets.items[i];

		s->events.recoveries += !is_by_tlp;
		s->events.tlp_recovered += is_by_tlp;
		if (!is_by_tlp)
			continue;
		gather_span(&s->events.tlp_first_ns, &s->events.tlp_last_ns, g->e->ts_ns);
		if (gather_lost_at(in, s, g->e->ts_ns) < 0)
			return -ENOMEM;
	}
	return 0;
}

int gather_congestion(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t;
	bool is_by_tlp;

	if (gathered_history(in, e, &t) < 0)
		return -ENOMEM;
	/* A tail loss probe that recovered a loss reduces the congestion window:
	 * tcp_process_tlp_ack() of net/ipv4/tcp_input.c enters CWR. After a spurious probe it does
	 * not. */
	is_by_tlp = t && t->has_probed && e->cong_state == TCP_CA_STATE_CWR;
	/* A socket that is closed with a RST becomes Open, too (tcp_disconnect). */
	if (t && !tcp_conn_is_closed(e->conn) &&
	    (e->cong_state == TCP_CA_STATE_OPEN || e->cong_state == TCP_CA_STATE_RECOVERY))
		conn_history_moves(t, e->ts_ns);
	if (t && e->cong_state == TCP_CA_STATE_OPEN) {
		t->unsettled = 0;
		t->probe.unanswered_ns = 0;
	}
	if (is_by_tlp)
		t->has_probed = false;
	if ((e->cong_state == TCP_CA_STATE_RECOVERY || is_by_tlp) &&
	    count_recovery(in, g, is_by_tlp) < 0)
		return -ENOMEM;
	if (t)
		recovery_congestion(t, e);
	return gathered_history_event(in, e, t, HISTORY_CONGESTION, (uint8_t)e->cong_state, 0);
}
