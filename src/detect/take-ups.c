// SPDX-License-Identifier: MIT
#include "detect/take-ups.h"

#include <errno.h>

#include "base/units.h"
#include "tcp/names.h"

#define TAKE_UPS_MAX 65536u
/* Data that is resent within that time after the connection was established is its first data: the
 * first timeout of a connection lasts a second at most (RFC 6298, 2.1). */
#define FIRST_DATA_NS (1200 * NSEC_PER_MSEC)

void take_ups_init(struct take_ups *t)
{
	*t = (struct take_ups){.items = {.size = sizeof(struct take_up)}};
	destinations_init(&t->destinations);
}

void take_ups_done(struct take_ups *t)
{
	map_done(&t->by_tuple);
	map_done(&t->succeeded);
	arena_done(&t->arena);
	destinations_done(&t->destinations);
}

static uint64_t tuple_key(const struct endpoint *client, const struct endpoint *server)
{
	return endpoint_hash(endpoint_hash(0, client), server);
}

static struct take_up *take_up_at(const struct take_ups *t, const struct endpoint *client,
				  const struct endpoint *server)
{
	const uint64_t *place =
		map_count(&t->by_tuple) ? map_get(&t->by_tuple, tuple_key(client, server)) : NULL;

	return place ? (struct take_up *)(uintptr_t)*place : NULL;
}

/* The take-up of a connection that this host has opened; NULL: none is followed. */
static struct take_up *take_up_of(const struct take_ups *t, const struct tcp_conn *c)
{
	struct take_up *u = take_up_at(t, &c->local, &c->remote);
	const uint64_t *place;

	if (u && u->conn_id == c->id)
		return u;
	place = map_count(&t->succeeded) ? map_get(&t->succeeded, c->id) : NULL;
	return place ? (struct take_up *)(uintptr_t)*place : NULL;
}

/* A new connection has the endpoints of this one, which is kept if there is something to tell of
 * it. 0 or -ENOMEM. */
static int take_up_succeed(struct take_ups *t, struct take_up *u)
{
	uint64_t *place;

	if (!take_up_has_signs(u)) {
		pool_give(&t->items, u);
		return 0;
	}
	place = map_put(&t->succeeded, u->conn_id, NULL);
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)u;
	return 0;
}

/* Begins to follow a connection. *ret is NULL if too many are followed. 0 or -ENOMEM. */
static int take_up_begin(struct take_ups *t, const struct tcp_conn *c, struct take_up **ret)
{
	bool is_new;
	uint64_t *place;

	*ret = NULL;
	if (map_count(&t->by_tuple) + map_count(&t->succeeded) >= TAKE_UPS_MAX)
		return 0;
	place = map_put(&t->by_tuple, tuple_key(&c->local, &c->remote), &is_new);
	if (!place)
		return -ENOMEM;
	if (!is_new && take_up_succeed(t, (struct take_up *)(uintptr_t)*place) < 0)
		return -ENOMEM;
	*place = (uintptr_t)pool_take(&t->items, &t->arena);
	*ret = (struct take_up *)(uintptr_t)*place;
	if (!*ret)
		return -ENOMEM;
	**ret = (struct take_up){.conn_id = c->id, .established_ns = c->established_ns};
	return 0;
}

static void take_up_end(struct take_ups *t, const struct endpoint *client,
			const struct endpoint *server, struct take_up *u)
{
	if (take_up_at(t, client, server) == u)
		map_del(&t->by_tuple, tuple_key(client, server));
	else
		map_del(&t->succeeded, u->conn_id);
	pool_give(&t->items, u);
}

/* The server's socket of a connection is there, since ts_ns; 0: since some time before. The
 * client's end is not followed any more unless that came late. */
static void take_up_taken(struct take_ups *t, const struct endpoint *client,
			  const struct endpoint *server, uint64_t ts_ns)
{
	struct take_up *u = take_up_at(t, client, server);

	if (!u || u->is_over)
		return;
	u->taken_ns = ts_ns;
	u->is_over = true;
	if (!take_up_has_signs(u))
		take_up_end(t, client, server, u);
}

static int take_ups_state(struct take_ups *t, const struct gathered *in,
			  const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct take_up *u;

	if (e->newstate != TCP_STATE_ESTABLISHED)
		return 0;
	if (e->oldstate == TCP_STATE_SYN_RECV) {
		take_up_taken(t, &e->remote, &e->local, e->ts_ns);
		return destinations_note_here(&t->destinations, &e->local, 0);
	}
	if (e->oldstate != TCP_STATE_SYN_SENT || !e->conn || !g->passes_filter ||
	    !gathered_is_listening(in, e->remote.port))
		return 0;
	if (take_up_begin(t, e->conn, &u) < 0)
		return -ENOMEM;
	if (u)
		u->may_be_here = true;
	return 0;
}

/* True if this host has opened the connection, as far as is known. */
static bool is_client(const struct gathered *in, const struct tcp_conn *c)
{
	switch (c->origin) {
	case TCP_ORIGIN_CONNECT: return true;
	case TCP_ORIGIN_SEEN:
	case TCP_ORIGIN_TABLE: return !gathered_is_listening(in, c->local.port);
	default: return false;
	}
}

static int take_ups_retransmit(struct take_ups *t, const struct gathered *in,
			       const struct tcp_event *e)
{
	const struct tcp_conn *c = e->conn;
	struct take_up *u;
	bool is_probe = e->cause == TCP_CAUSE_TLP;

	if (!c || e->cause == TCP_CAUSE_SYN || !is_client(in, c))
		return 0;
	u = take_up_of(t, c);
	if (!u) {
		/* A connection of this host to itself that is not followed has been taken up. */
		if ((e->cause != TCP_CAUSE_RTO && !is_probe) ||
		    (c->established_ns && gathered_is_listening(in, c->remote.port)))
			return 0;
		if (take_up_begin(t, c, &u) < 0)
			return -ENOMEM;
		if (!u)
			return 0;
		u->is_first = c->established_ns && e->ts_ns - c->established_ns < FIRST_DATA_NS;
	}
	if (u->is_over)
		return 0;
	/* Other causes than these need an acknowledgement. */
	if (e->cause != TCP_CAUSE_RTO && !is_probe) {
		u->is_over = true;
		return 0;
	}
	u->n_probes += is_probe;
	u->n_timeouts += !is_probe;
	u->waited_ns += is_probe ? 0 : e->rto_us * NSEC_PER_USEC;
	gather_span(&u->first_ns, &u->last_ns, e->ts_ns);
	return 0;
}

static int take_ups_synack(struct take_ups *t, const struct tcp_event *e)
{
	struct take_up *u = take_up_at(t, &e->remote, &e->local);

	if (u && !u->is_over) {
		u->n_synacks++;
		gather_span(&u->first_ns, &u->last_ns, e->ts_ns);
	}
	return destinations_note_here(&t->destinations, &e->local, 0);
}

static void take_ups_congestion(struct take_ups *t, const struct tcp_event *e)
{
	struct take_up *u = e->conn ? take_up_of(t, e->conn) : NULL;

	if (!u || e->cong_state == TCP_CA_STATE_LOSS || e->cong_state == TCP_CA_STATE_DISORDER)
		return;
	/* A tail loss probe that recovered a loss is followed by CWR (gather/states.c). */
	u->is_recovered |= e->cong_state == TCP_CA_STATE_CWR && u->n_probes && !u->n_timeouts;
	u->is_over = true;
}

static uint64_t tcp_info_value(const struct tcp_event *e, enum tcp_info_field which)
{
	uint64_t v;

	return tcp_info_get(e->tcp_info, which, &v) ? v : 0;
}

static void take_ups_growth(struct take_ups *t, const struct gather_event *g)
{
	const struct tcp_event *e = g->e;
	struct take_up *u = e->conn ? take_up_of(t, e->conn) : NULL;
	uint64_t sent, again;

	if (!u || !g->growth)
		return;
	sent = tcp_info_value(e, TCP_INFO_BYTES_SENT);
	again = tcp_info_value(e, TCP_INFO_BYTES_RETRANS);
	u->sent_bytes = sent > again ? sent - again : 0;
	u->acked_bytes = tcp_info_value(e, TCP_INFO_BYTES_ACKED);
	u->received_bytes = tcp_info_value(e, TCP_INFO_BYTES_RECEIVED);
	/* The figures of a socket that was disconnected are all zero. */
	u->has_info = u->sent_bytes || u->acked_bytes;
	u->growth = *g->growth;
}

static int take_ups_row(struct take_ups *t, const struct gathered *in, const struct gather_event *g)
{
	const struct tcp_event *e = g->e;

	if (e->kind == TCP_KIND_SOCKET_DUMPED && e->dump != SOCKET_DUMP_START &&
	    e->dump != SOCKET_DUMP_END)
		return 0;
	take_ups_growth(t, g);
	if (!gathered_is_listening(in, e->local.port) || !e->local.addr.family)
		return 0;
	if (e->kind == TCP_KIND_SOCKET_DUMPED && e->state != TCP_STATE_NEW_SYN_RECV)
		take_up_taken(t, &e->remote, &e->local, 0);
	return destinations_note_here(&t->destinations, &e->local, e->netns);
}

int take_ups_event(struct take_ups *t, const struct gathered *in, const struct gather_event *g)
{
	switch (g->e->kind) {
	case TCP_KIND_SET_STATE: return take_ups_state(t, in, g);
	case TCP_KIND_RETRANSMIT:
		return gather_event_is_wanted(g) && !gather_event_has_failed(g)
			       ? take_ups_retransmit(t, in, g->e)
			       : 0;
	case TCP_KIND_RETRANSMIT_SYNACK:
		return gather_event_is_wanted(g) ? take_ups_synack(t, g->e) : 0;
	case TCP_KIND_CONG_STATE: take_ups_congestion(t, g->e); return 0;
	case TCP_KIND_SOCKET_DUMPED:
	case TCP_KIND_SOCKET_FINAL: return take_ups_row(t, in, g);
	default: return 0;
	}
}

/* A connection that a peer opened: it tells the network namespace of the server. */
static int take_ups_served(struct take_ups *t, const struct tcp_conn *c)
{
	struct destination *d = destinations_find(&t->destinations, &c->local);

	if (d && c->netns)
		d->netns = c->netns;
	return 0;
}

int take_ups_conn(struct take_ups *t, const struct gathered *in, const struct tcp_conn *c,
		  const struct conn_history *history)
{
	struct take_up *u;
	int r;

	if (c->origin == TCP_ORIGIN_ACCEPT)
		return take_ups_served(t, c);
	if (!is_client(in, c) || !c->remote.port)
		return 0;
	u = take_up_of(t, c);
	r = destinations_add(&t->destinations, u, c, history);
	if (u)
		take_up_end(t, &c->local, &c->remote, u);
	return r;
}
