// SPDX-License-Identifier: MIT
#include <errno.h>

#include "gather/handlers.h"

static int count_twin(struct gathered *in, const struct reset_end *end, bool is_refusal)
{
	struct counter_sets sets;

	if (gathered_sets_of(in, &end->subject, &sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++) {
		struct event_counts *n = &sets.items[i]->events;

		n->twin_resets[end->is_sent ? REPORT_SENT : REPORT_RECEIVED][end->kind]++;
		n->refusals += is_refusal && end->is_sent;
	}
	return 0;
}

/* Counts a RST at both ends as one whose other end is on this tape, once both have been seen. */
static int count_twins(struct gathered *in, const struct gather_event *g, enum reset_kind kind)
{
	const struct reset_end end = {.subject = g->subject,
				      .kind = (uint8_t)kind,
				      .is_sent = g->e->kind == TCP_KIND_SEND_RESET};
	struct reset_end other;
	bool is_refusal;

	if (!reset_pairs_take(&in->reset_pairs, &end, &other))
		return 0;
	is_refusal = kind == RESET_REFUSED || other.kind == RESET_REFUSED;
	if (count_twin(in, &end, is_refusal) < 0)
		return -ENOMEM;
	return count_twin(in, &other, is_refusal);
}

/* True if a RST that was counted as received was none. */
static bool is_undoing(const struct tcp_event *e)
{
	const struct tcp_conn_reset *r = e->conn ? &tcp_conn_cold(e->conn)->reset : NULL;

	return r && r->undoes_received && r->is_sent && r->ts_ns == e->ts_ns;
}

/* Takes the RST back from the counters of the subject of the one that was sent in its place. */
static void undo_received(struct gathered *in, const struct gather_event *g)
{
	for (size_t i = 0; i < g->sets.n; i++) {
		uint32_t *n = &g->sets.items[i]->events.resets[REPORT_RECEIVED][RESET_AFTER_FIN];

		*n -= *n > 0;
	}
	timeline_take(&in->timeline, g->e->ts_ns, TIMELINE_RESETS_RECEIVED);
}

int gather_reset(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	bool is_sent = e->kind == TCP_KIND_SEND_RESET;
	enum reset_kind kind = reset_kind_of(e);
	struct conn_history *t;

	/* Both sides had closed, so this RST cut nothing off. */
	if (kind == RESET_LATE)
		return 0;
	g->subject = gathered_subject(in, e);
	/* The peer sent a segment to a local port that no socket has open, so the port is the
	 * service's. */
	if (kind == RESET_NO_SOCKET)
		g->subject.is_served = true;
	if (gathered_sets_of(in, &g->subject, &g->sets) < 0 || gathered_history(in, e, &t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < g->sets.n; i++)
		g->sets.items[i]->events.resets[is_sent ? REPORT_SENT : REPORT_RECEIVED][kind]++;
	if (is_undoing(e))
		undo_received(in, g);
	timeline_add(&in->timeline, e->ts_ns,
		     is_sent ? TIMELINE_RESETS_SENT : TIMELINE_RESETS_RECEIVED, 1);
	if (count_twins(in, g, kind) < 0)
		return -ENOMEM;
	return gathered_history_event(in, e, t, HISTORY_RESET, (uint8_t)kind, !is_sent);
}
