// SPDX-License-Identifier: MIT
#include "detect/scan-targets.h"

#include <stdio.h>
#include <string.h>

#include "tcp/connect-result.h"
#include "tcp/reset-kind.h"

#define TARGETS_MAX 65536u

int scan_targets_init(void *state)
{
	struct scans *s = state;

	s->targets = (struct groups){.key_size = sizeof(struct scan_key),
				     .item_size = sizeof(struct scan_target)};
	return 0;
}

void scan_targets_done(void *state)
{
	struct scans *s = state;

	groups_done(&s->targets);
}

static int scan_try(struct scans *s, const struct scan_key *key, uint64_t ts_ns,
		    uint16_t source_port, const char *comm)
{
	int r;
	struct scan_target *t = groups_get_up_to(&s->targets, key, TARGETS_MAX, &r);

	if (!t) {
		s->n_left_out++;
		return r;
	}
	if (!t->n && comm)
		snprintf(t->comm, sizeof(t->comm), "%s", comm);
	t->n++;
	t->source_port = source_port;
	gather_span(&t->first_ns, &t->last_ns, ts_ns);
	return 0;
}

int scan_targets_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct scan_key key;

	if (!gather_event_is_wanted(g) || reset_kind_of(e) != RESET_NO_SOCKET || !e->local.port ||
	    !e->remote.addr.family)
		return 0;
	memset(&key, 0, sizeof(key));
	key.source.addr.family = e->remote.addr.family;
	memcpy(key.source.addr.bytes, e->remote.addr.bytes, sizeof(key.source.addr.bytes));
	key.target = endpoint_key(&e->local);
	return scan_try(state, &key, e->ts_ns, e->remote.port, NULL);
}

int scan_targets_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
		      const struct conn_history *history)
{
	struct scan_key key;

	if (c->origin != TCP_ORIGIN_CONNECT || connect_result_of(c) == CONNECT_OK ||
	    !c->owner.pid || !c->remote.port)
		return 0;
	memset(&key, 0, sizeof(key));
	key.source.addr.family = c->local.addr.family;
	memcpy(key.source.addr.bytes, c->local.addr.bytes, sizeof(key.source.addr.bytes));
	key.source.pid = c->owner.pid;
	key.source.is_here = true;
	key.target = endpoint_key(&c->remote);
	return scan_try(state, &key, c->seen_ns, 0, c->owner.comm);
}
