// SPDX-License-Identifier: MIT
/*
 * errors: notes errors that the kernel reports to a socket, and segments with a wrong checksum.
 */
#include <errno.h>

#include "gather/handlers.h"

int gather_error(struct gathered *in, struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct conn_history *t;

	if (e->err <= 0)
		return 0;
	if (gathered_history(in, e, &t) < 0)
		return -ENOMEM;
	if (t)
		t->err = e->err;
	return gathered_history_event(in, e, t, HISTORY_ERROR, 0, (uint32_t)e->err);
}

int gather_bad_csum(struct gathered *in, struct gather_event *g)
{
	g->subject = gathered_subject(in, g->e);
	if (gathered_sets_of(in, &g->subject, &g->sets) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < g->sets.n; i++)
		g->sets.items[i]->events.bad_csums++;
	return 0;
}
