// SPDX-License-Identifier: MIT
/*
 * Gives the final tcp_info of a socket that is gone (sock_diag:tcp_destroy) to its connection, and
 * finds the connection of a row of sock_diag.
 */
#include <errno.h>

#include "tcp/names.h"
#include "track/ending.h"
#include "track/figures.h"
#include "track/owners.h"
#include "track/tracker-state.h"

/* The most connections of phase CONN_UNMATCHED that are kept. */
#define UNMATCHED_MAX (1u << 16)

void tracker_learn_netns(struct tcp_conn *c, const struct tcp_event *e)
{
	if (tcp_event_has(e, TCP_FIELD_NETNS))
		c->netns = e->netns;
}

int tracker_new_conn(struct tracker *t, const struct tcp_event *e, struct tcp_conn **ret)
{
	struct tcp_conn *c;

	*ret = NULL;
	if (t->conns.n_alive >= TRACKER_SOCKETS_MAX)
		return 0;
	c = conns_make(&t->conns);
	if (!c)
		return -ENOMEM;
	c->origin = e->state == TCP_STATE_LISTEN ? TCP_ORIGIN_LISTEN : TCP_ORIGIN_TABLE;
	c->local = e->local;
	c->remote = e->remote;
	c->has_local_addr = tcp_event_has(e, TCP_FIELD_LADDR);
	c->family = e->family;
	c->state = e->state;
	c->seen_ns = e->ts_ns;
	c->knows_retrans = t->expected & TCP_KIND_BIT(TCP_KIND_RETRANSMIT);
	ending_note_state(c, e->state);
	*ret = c;
	return conns_set_tuple(&t->conns, c);
}

struct tcp_conn *tracker_row_conn(const struct tracker *t, const struct tcp_event *e)
{
	struct tcp_conn *c = conns_by_cookie(&t->conns, e->cookie), *alive = NULL, *closed = NULL;
	uint32_t n_alive = 0;

	if (c)
		return c;
	for (c = conns_by_tuple(&t->conns, &e->local, &e->remote); c;
	     c = conns_same_tuple(&t->conns, c)) {
		if (c->cookie || c->origin == TCP_ORIGIN_HALF_OPEN || c->has_final)
			continue;
		if (tcp_conn_is_closed(c)) {
			closed = c;
		} else {
			alive = c;
			n_alive++;
		}
	}
	/* Of the connections that used these endpoints one after the other, the one that closed
	 * first is told of first. The newest stands first in the chain. */
	if (e->kind == TCP_KIND_SOCKET_FINAL && closed)
		return closed;
	return n_alive == 1 ? alive : n_alive ? NULL : closed;
}

int tracker_sample(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = e->local.port ? tracker_row_conn(t, e) : NULL;

	if (!c || tcp_conn_is_closed(c) || tcp_conn_is_emitted(c))
		return tracker_subflow_row(t, NULL, e);
	e->conn = c;
	owners_show(e, c, &t->cgroups);
	return tracker_subflow_row(t, c, e);
}

/* Keeps a final tcp_info that fits no connection: its connection may be one whose end was not
 * seen. */
static int final_keep_unmatched(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c;
	int r;

	/* A socket without both ports was never connected, or was a listener. */
	if (!e->local.port || !e->remote.port || !e->tcp_info || t->n_unmatched >= UNMATCHED_MAX)
		return 0;
	r = tracker_new_conn(t, e, &c);
	if (r < 0 || !c)
		return r;
	e->conn = c;
	t->n_unmatched++;
	c->origin = TCP_ORIGIN_SEEN;
	c->ending = TCP_ENDING_UNSEEN;
	c->end_ns = e->ts_ns;
	c->phase = CONN_UNMATCHED;
	/* Kept for tracker_claim_unmatched_final(): the index of cookies does not have it. */
	c->cookie = tcp_event_has(e, TCP_FIELD_COOKIE) ? e->cookie : 0;
	tracker_learn_netns(c, e);
	return figures_take(&t->conns, c, e->tcp_info, true);
}

void tracker_claim_unmatched_final(struct tracker *t, struct tcp_conn *c)
{
	struct tcp_conn_info *tcp_info;
	struct tcp_conn *s =
		t->n_unmatched ? conns_by_tuple(&t->conns, &c->local, &c->remote) : NULL;

	while (s && (s->phase != CONN_UNMATCHED || s->end_ns < c->seen_ns))
		s = conns_same_tuple(&t->conns, s);
	if (!s)
		return;
	tcp_info = c->tcp_info;
	if (tcp_info && s->tcp_info)
		s->tcp_info->base_retrans = tcp_info->base_retrans;
	conns_drop_cookie(&t->conns, c);
	c->cookie = s->cookie;
	c->netns = s->netns;
	c->end_ns = s->end_ns;
	c->has_final = true;
	/* Swapped, so that conns_free() of s releases the tcp_info that c had. */
	c->tcp_info = s->tcp_info;
	s->tcp_info = tcp_info;
	t->n_unmatched--;
	conns_free(&t->conns, s);
}

/* The most connections that are remembered after they were emitted without their final tcp_info. */
#define WITHOUT_FINAL_MAX (1u << 20)

int tracker_note_without_final(struct tracker *t, const struct tcp_conn *c)
{
	uint64_t key = c->cookie ? c->cookie : conn_tuple_hash(&c->local, &c->remote);

	if (!(t->expected & TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL)) ||
	    map_count(&t->without_final) >= WITHOUT_FINAL_MAX)
		return 0;
	return map_put(&t->without_final, key, NULL) ? 0 : -ENOMEM;
}

/* Whether the connection of e was emitted before, without this tcp_info, and is forgotten. */
static bool final_is_late(struct tracker *t, const struct tcp_event *e)
{
	return map_count(&t->without_final) &&
	       (map_del(&t->without_final, e->cookie) ||
		map_del(&t->without_final, conn_tuple_hash(&e->local, &e->remote)));
}

/* Gives c, whose own figures the kernel has cleared, those of its other end. */
static int far_end_take(struct tracker *t, struct tcp_conn *c, uint64_t tx, uint64_t rx)
{
	struct tcp_conn_info *own = conns_tcp_info(&t->conns, c);

	if (!own)
		return -ENOMEM;
	own->tx_bytes = rx;
	own->rx_bytes = tx;
	own->has_bytes = own->is_far = true;
	return 0;
}

/* The figures of c were cleared: its other end may have ended before, or end yet. */
static int far_end_look_for(struct tracker *t, struct tcp_conn *c)
{
	const struct far_end *other = far_ends_find(&t->far_ends, c);

	if (other)
		return far_end_take(t, c, other->tx_bytes, other->rx_bytes);
	c->phase = CONN_DESTROYED;
	t->n_cleared++;
	return conns_set_tuple(&t->conns, c);
}

/* The connection that waits for the figures of c. NULL: there is none, or there are two. */
static struct tcp_conn *far_end_that_waits(const struct tracker *t, const struct tcp_conn *c)
{
	struct tcp_conn *found = NULL, *x = conns_by_tuple(&t->conns, &c->remote, &c->local);

	for (; x; x = conns_same_tuple(&t->conns, x)) {
		if (!tracker_waits_for_far_end(x) || x->end_ns < c->seen_ns ||
		    c->end_ns < x->seen_ns)
			continue;
		if (found)
			return NULL;
		found = x;
	}
	return found;
}

static int far_end_tell(struct tracker *t, const struct tcp_conn *c)
{
	const struct tcp_conn_info *info = tcp_conn_info(c);
	struct tcp_conn *other;
	int r = far_ends_note(&t->far_ends, c, info->tx_bytes, info->rx_bytes);

	other = t->n_cleared ? far_end_that_waits(t, c) : NULL;
	if (r < 0 || !other)
		return r;
	t->n_cleared--;
	other->phase = CONN_COMPLETE;
	return far_end_take(t, other, info->tx_bytes, info->rx_bytes);
}

int tracker_final(struct tracker *t, struct tcp_event *e)
{
	const struct tcp_conn_info *info;
	struct tcp_conn *c;
	int r;

	if (!tracker_keeps(t))
		return 0;
	c = tracker_row_conn(t, e);
	if (!c)
		return final_is_late(t, e) ? 0 : final_keep_unmatched(t, e);
	/* The connection was emitted before, without this tcp_info. */
	if (tcp_conn_is_emitted(c)) {
		tracker_forget(t, c);
		return 0;
	}
	tracker_learn_netns(c, e);
	if (!tcp_conn_is_closed(c)) {
		c->last_state = c->state;
		c->state = TCP_STATE_CLOSE;
		tracker_close(t, c, e->ts_ns);
		c->ending = TCP_ENDING_UNSEEN;
	}
	r = figures_take(&t->conns, c, e->tcp_info, true);
	if (r < 0)
		return r;
	c->phase = CONN_COMPLETE;
	c->gone_ns = e->ts_ns;
	conns_drop_id(&t->conns, c);
	e->conn = c;
	info = tcp_conn_info(c);
	if (info->has_bytes)
		return far_end_tell(t, c);
	return info->is_cleared ? far_end_look_for(t, c) : 0;
}
