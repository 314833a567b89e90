// SPDX-License-Identifier: MIT
#include <errno.h>

#include "gather/handlers.h"

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
	timeline_add(&in->timeline, e->ts_ns,
		     is_sent ? TIMELINE_RESETS_SENT : TIMELINE_RESETS_RECEIVED, 1);
	return gathered_history_event(in, e, t, HISTORY_RESET, (uint8_t)kind, !is_sent);
}
