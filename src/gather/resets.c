// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "gather/parts.h"

static int note_reset(struct gathered *in, const struct tcp_event *e, unsigned int direction,
		      enum reset_kind kind, const struct conn_subject *s)
{
	struct gathered_reset_key key;
	struct gathered_reset *r;

	memset(&key, 0, sizeof(key));
	key.direction = (uint8_t)direction;
	key.kind = (uint8_t)kind;
	key.is_served = s->is_served;
	key.port = s->is_served ? s->local.port : s->remote.port;
	key.addr.family = s->remote.addr.family;
	memcpy(key.addr.bytes, s->remote.addr.bytes, sizeof(key.addr.bytes));
	if (e->reason_name)
		strncpy(key.reason, e->reason_name, sizeof(key.reason) - 1);
	/* A scan comes from everywhere: then from whom does not matter. */
	if (in->resets.n >= 8192) {
		memset(&key.addr, 0, sizeof(key.addr));
		key.port = 0;
	}
	r = groups_get(&in->resets, &key);
	if (!r)
		return -ENOMEM;
	r->n++;
	gather_span(&r->first_ns, &r->last_ns, e->ts_ns);
	return 0;
}

int gather_reset(struct gathered *in, const struct tcp_event *e)
{
	unsigned int direction = e->kind == TCP_KIND_SEND_RESET ? REPORT_SENT : REPORT_RECEIVED;
	enum reset_kind kind = reset_kind_of(e);
	struct conn_subject s = gather_subject(in, e);
	struct counter_sets sets;
	struct conn_history *t;

	/* Both sides had closed: nothing was lost. */
	if (kind == RESET_LATE)
		return 0;
	/* A segment for a port that nobody has open. */
	if (kind == RESET_NO_SOCKET)
		s.is_served = true;
	if (note_reset(in, e, direction, kind, &s) < 0 || gathered_sets_of(in, &s, &sets) < 0 ||
	    gather_history(in, e, &t) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sets.n; i++)
		sets.items[i]->resets[direction][kind]++;
	timeline_add(&in->timeline, e->ts_ns,
		     direction == REPORT_SENT ? TIMELINE_RESETS_SENT : TIMELINE_RESETS_RECEIVED, 1);
	return gather_history_event(in, e, t, HISTORY_RESET, (uint8_t)kind,
				    direction == REPORT_RECEIVED);
}
