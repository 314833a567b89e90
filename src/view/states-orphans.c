// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/units.h"
#include "tcp/names.h"
#include "view/states.h"

/* Orphans that are remembered: their process, and since when they wait. */
#define ORPHANS_MAX 65536u

struct orphan {
	struct {
		struct endpoint local, remote;
	} key;
	struct subject subject;
};

static void key_of(struct orphan *o, const struct tcp_event *e)
{
	memset(o, 0, sizeof(*o));
	o->key.local = endpoint_key(&e->local);
	o->key.remote = endpoint_key(&e->remote);
}

void state_orphans_init(struct state_orphans *s)
{
	*s = (struct state_orphans){.left = {.key_size = sizeof(((struct orphan *)0)->key),
					     .item_size = sizeof(struct orphan)}};
}

int state_orphans_note(struct state_orphans *s, const struct tcp_event *e)
{
	struct orphan key, *o;
	int r = 0;

	if (e->oldstate != TCP_STATE_FIN_WAIT2 || e->newstate != TCP_STATE_CLOSE || e->has_spent)
		return 0;
	key_of(&key, e);
	o = groups_get_up_to(&s->left, &key.key, ORPHANS_MAX, &r);
	if (o)
		subject_of_event(&o->subject, e);
	return r;
}

bool state_orphans_row(const struct state_orphans *s, const struct tcp_event *e,
		       struct state_row *ret)
{
	struct orphan key;
	const struct orphan *o;

	if (e->dump != SOCKET_DUMP_END || e->state != TCP_STATE_FIN_WAIT2 || e->tcp_info)
		return false;
	key_of(&key, e);
	o = groups_find(&s->left, &key.key);
	*ret = (struct state_row){.oldstate = TCP_STATE_FIN_WAIT2};
	subject_of_event(&ret->subject, e);
	if (!o)
		return true;
	ret->subject = o->subject;
	ret->subject.ts_ns = e->ts_ns;
	ret->has_spent = true;
	ret->spent_ns = e->ts_ns - o->subject.ts_ns;
	return true;
}
