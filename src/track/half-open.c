// SPDX-License-Identifier: MIT
#include "track/half-open.h"

#include <errno.h>

#include "tcp/names.h"

static struct tcp_conn *half_open_find(const struct conns *s, const struct endpoint *local,
				       const struct endpoint *remote)
{
	struct tcp_conn *c = conns_by_tuple(s, local, remote);

	while (c && c->origin != TCP_ORIGIN_HALF_OPEN)
		c = conns_same_tuple(s, c);
	return c;
}

int half_open_synack(struct conns *s, const struct tcp_event *e, const struct owner *listener,
		     uint32_t max, struct tcp_conn **ret)
{
	struct tcp_conn *c = half_open_find(s, &e->local, &e->remote);
	struct tcp_conn_cold *cold;

	*ret = NULL;
	if (!c) {
		if (!e->local.port || !e->remote.port || s->n_alive >= max)
			return 0;
		c = conns_make(s);
		if (!c)
			return -ENOMEM;
		c->origin = TCP_ORIGIN_HALF_OPEN;
		c->local = e->local;
		c->remote = e->remote;
		c->family = e->family;
		c->state = TCP_STATE_SYN_RECV;
		c->seen_ns = e->ts_ns;
		if (conns_set_tuple(s, c) < 0)
			return -ENOMEM;
	}
	cold = conns_cold(s, c);
	if (!cold)
		return -ENOMEM;
	if (listener && listener->basis) {
		c->owner = *listener;
		c->owner.basis = OWNER_LISTENER;
	}
	c->end_ns = e->ts_ns;
	c->n_retrans++;
	cold->n_synacks++;
	*ret = c;
	return 0;
}

/* Moves the count of SYN-ACKs from half to c. The cold part of a half-open connection has nothing
 * else. */
static void half_open_take_synacks(struct tcp_conn *c, struct tcp_conn *half)
{
	if (c->cold) {
		c->cold->n_synacks += tcp_conn_cold(half)->n_synacks;
		return;
	}
	c->cold = half->cold;
	half->cold = NULL;
}

bool half_open_complete(struct conns *s, struct tcp_conn *c)
{
	struct tcp_conn *h = half_open_find(s, &c->local, &c->remote);

	if (!h || h == c)
		return false;
	c->n_retrans += h->n_retrans;
	half_open_take_synacks(c, h);
	conns_free(s, h);
	return true;
}
