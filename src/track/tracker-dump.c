// SPDX-License-Identifier: MIT
/*
 * Takes the rows of the socket tables at the start and at the end (dumps of sock_diag). Rows have
 * endpoints and cookies; events have socket ids, and only some of them have the cookie. The tracker
 * brings a row and a socket id together by endpoints while the rows of a table come, and by cookie
 * later. Two sockets with the same endpoints (in two network namespaces) differ only in the cookie.
 */
#include <errno.h>

#include "tcp/conn-data.h"
#include "tcp/names.h"
#include "track/ending.h"
#include "track/figures.h"
#include "track/owners.h"
#include "track/tracker-state.h"

/* Whether the row is not about a connection or listener of a process: it is a TIME_WAIT or request
 * socket, or a socket that is not connected. */
static bool row_has_no_conn(const struct tcp_event *e)
{
	if (e->state == TCP_STATE_LISTEN)
		return !e->local.port;
	return e->state == TCP_STATE_TIME_WAIT || e->state == TCP_STATE_NEW_SYN_RECV ||
	       e->state == TCP_STATE_CLOSE || !e->tcp_info || !e->local.port || !e->remote.port;
}

static int conn_learn_row(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	int r = 0;

	tracker_learn_netns(c, e);
	conn_data_learn_side(c, e->tcp_info);
	if (tcp_event_has(e, TCP_FIELD_HOLDER))
		r = owners_found(&t->conns, c, e->holder, task_names_comm(&t->tasks, e->holder),
				 e->holders);
	if (r < 0)
		return r;
	r = tracker_subflow_row(t, c, e);
	if (r < 0)
		return r;
	if (c->owner.basis == OWNER_TABLE && c->owner.pid == e->holder)
		c->owner.cgroup = task_cgroups_number(&t->cgroups, e->holder, e->holder);
	if (c->cookie || !tcp_event_has(e, TCP_FIELD_COOKIE) || !e->cookie)
		return 0;
	return conns_set_cookie(&t->conns, c, e->cookie);
}

/*
 * Learns how many bytes the processes had written and read when the recording began; the calls on
 * the tape add to that. Does so only if no call was seen yet and no call can be half done, that is,
 * if no data waits to be sent or acknowledged.
 */
static void conn_learn_base(struct tcp_conn *c, const struct tcp_event *e)
{
	uint64_t unacked, notsent, sent, again, received;

	if (c->is_born || c->has_base || c->io_tx || c->io_rx ||
	    e->state != TCP_STATE_ESTABLISHED ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_UNACKED, &unacked) || unacked ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_NOTSENT_BYTES, &notsent) || notsent ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_SENT, &sent) ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_RETRANS, &again) || again > sent ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_RECEIVED, &received) ||
	    !tcp_event_has(e, TCP_FIELD_RQUEUE) || e->rqueue > received)
		return;
	c->io_tx = sent - again;
	c->io_rx = received - e->rqueue;
	c->has_base = true;
}

/* Learns how many segments were retransmitted before the recording. */
static int conn_learn_base_retrans(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct tcp_conn_info *own;
	uint64_t n;

	if (c->is_born || !tcp_info_get(e->tcp_info, TCP_INFO_TOTAL_RETRANS, &n) || !n)
		return 0;
	own = conns_tcp_info(&t->conns, c);
	if (!own)
		return -ENOMEM;
	own->base_retrans = (uint32_t)n;
	return 0;
}

static int tracker_start_dump_row(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = tracker_row_conn(t, e);
	int r;

	if (c) {
		e->conn = c;
		if (tcp_conn_is_closed(c))
			return 0;
		conn_learn_base(c, e);
		r = conn_learn_base_retrans(t, c, e);
		if (!r)
			r = conn_learn_row(t, c, e);
		return r ? r : tracker_attempt_before(t, c, e);
	}
	r = tracker_new_conn(t, e, &c);
	if (r < 0 || !c)
		return r;
	e->conn = c;
	t->has_table_conns = true;
	conn_learn_base(c, e);
	r = tcp_conn_is_listener(c) ? 0 : conn_learn_base_retrans(t, c, e);
	if (!r)
		r = conn_learn_row(t, c, e);
	if (!r)
		r = tracker_attempt_before(t, c, e);
	if (!r && tcp_conn_is_listener(c)) {
		conns_set_opener(&t->conns, c);
		r = listeners_add(&t->listeners, c);
	}
	return r;
}

/* Whether the row may be of c, an attempt whose local port is not known, because its only event is
 * CLOSE to SYN_SENT. */
static bool may_be_portless(const struct tcp_conn *c, const struct tcp_event *e)
{
	return !c->local.port && !c->cookie && !tcp_conn_is_closed(c) &&
	       c->state == TCP_STATE_SYN_SENT &&
	       (!tcp_event_has(e, TCP_FIELD_HOLDER) || !c->owner.pid || c->owner.pid == e->holder);
}

/* Attempts that a row may be of. */
struct portless {
	struct tcp_conn *first; /* the oldest that no row has taken yet; NULL: none */
	uint32_t n;		/* all, also those that a row has taken */
};

static void portless_add(struct tracker *t, struct portless *p, const struct tcp_event *e,
			 const struct endpoint *local)
{
	for (struct tcp_conn *c = conns_by_tuple(&t->conns, local, &e->remote); c;
	     c = conns_same_tuple(&t->conns, c)) {
		if (!may_be_portless(c, e))
			continue;
		p->n++;
		if (!c->is_in_end_dump && (!p->first || c->id < p->first->id))
			p->first = c;
	}
}

/*
 * Finds an attempt whose local port is not known, and gives it the endpoints of the row if it is
 * the only one that the row can be of. Of several attempts of one process to one peer nobody knows
 * which has which port: they stay without one, and *ret_is_one is false.
 */
static int conn_find_portless(struct tracker *t, const struct tcp_event *e, struct tcp_conn **ret,
			      bool *ret_is_one)
{
	const struct endpoint portless = {.addr = e->local.addr}, unknown = {0};
	struct portless p = {0};

	*ret = NULL;
	*ret_is_one = true;
	if (e->state != TCP_STATE_SYN_SENT)
		return 0;
	portless_add(t, &p, e, &portless);
	portless_add(t, &p, e, &unknown);
	*ret = p.first;
	*ret_is_one = p.n <= 1;
	if (!p.first || p.n > 1)
		return 0;
	conns_drop_tuple(&t->conns, p.first);
	p.first->local = e->local;
	return conns_set_tuple(&t->conns, p.first);
}

static int tracker_end_dump_row(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = tracker_row_conn(t, e);
	bool is_one = true;
	int r = 0;

	if (!c)
		r = conn_find_portless(t, e, &c, &is_one);
	if (r < 0)
		return r;
	if (!c) {
		r = tracker_new_conn(t, e, &c);
		if (r < 0 || !c)
			return r;
	}
	e->conn = c;
	c->is_in_end_dump = true;
	if (tcp_conn_is_closed(c) || !is_one)
		return 0;
	if (c->state != e->state) {
		c->state = e->state;
		c->state_ns = 0;
		ending_note_state(c, e->state);
	}
	if (!tcp_conn_is_listener(c))
		r = figures_take(&t->conns, c, e->tcp_info, false);
	return r < 0 ? r : conn_learn_row(t, c, e);
}

static void conn_enter_tuple(void *userdata, struct tcp_conn *c)
{
	struct tracker *t = userdata;

	if (!tcp_conn_is_emitted(c) && (c->remote.port || tcp_conn_is_listener(c)))
		t->n_unentered += conns_set_tuple(&t->conns, c) < 0;
}

int tracker_dumped(struct tracker *t, struct tcp_event *e)
{
	if (tcp_event_has(e, TCP_FIELD_HOLDER))
		e->cgroup = task_cgroups_at(&t->cgroups,
					    task_cgroups_number(&t->cgroups, e->holder, e->holder));
	switch (e->dump) {
	case SOCKET_DUMP_START: return row_has_no_conn(e) ? 0 : tracker_start_dump_row(t, e);
	case SOCKET_DUMP_START_DONE: t->has_tuples = false; return 0;
	case SOCKET_DUMP_END_DONE: t->has_whole_end_dump = !e->holders; return 0;
	case SOCKET_DUMP_END: break;
	default: return 0;
	}
	if (!tracker_keeps(t) || row_has_no_conn(e))
		return 0;
	if (!t->has_tuples) {
		t->has_tuples = true;
		conns_each(&t->conns, conn_enter_tuple, t);
		if (t->n_unentered)
			return -ENOMEM;
	}
	return tracker_end_dump_row(t, e);
}

/* The first connection from c on, with the same endpoints, whose socket id is not known. */
static struct tcp_conn *conn_without_id(const struct conns *s, struct tcp_conn *c)
{
	while (c && (c->sk || tcp_conn_is_closed(c) || c->origin == TCP_ORIGIN_HALF_OPEN))
		c = conns_same_tuple(s, c);
	return c;
}

struct tcp_conn *tracker_from_table(struct tracker *t, const struct tcp_event *e)
{
	static const struct endpoint none;
	const struct conns *s = &t->conns;
	const struct endpoint *remote = tcp_event_has(e, TCP_FIELD_RPORT) ? &e->remote : &none;
	struct tcp_conn *c = NULL;

	if (!t->has_table_conns)
		return NULL;
	if (tcp_event_has(e, TCP_FIELD_COOKIE)) {
		c = conns_by_cookie(s, e->cookie);
		if (c)
			return c->sk || tcp_conn_is_closed(c) ? NULL : c;
	}
	if (!tcp_event_has(e, TCP_FIELD_LPORT))
		return NULL;
	c = conn_without_id(s, conns_by_tuple(s, &e->local, remote));
	return c && !conn_without_id(s, conns_same_tuple(s, c)) ? c : NULL;
}

int tracker_learn_cookie(struct tracker *t, struct tcp_conn *c, uint64_t cookie)
{
	struct tcp_conn *twin = conns_by_cookie(&t->conns, cookie);
	uint64_t first_ns = c->seen_ns;
	int r = 0;

	if (c->cookie || twin == c)
		return 0;
	/* The twin is the same socket, of which only a row of the table was known so far. */
	if (twin && !twin->sk && !tcp_conn_is_closed(twin)) {
		if (!c->is_born)
			c->origin = twin->origin;
		if (twin->seen_ns < c->seen_ns && !c->is_born)
			c->seen_ns = twin->seen_ns;
		c->netns = twin->netns;
		c->is_client |= twin->is_client;
		/* The bytes of calls before the row are in the counts of the row. */
		if (twin->has_base && !c->is_born && twin->seen_ns < first_ns) {
			c->io_tx += twin->io_tx;
			c->io_rx += twin->io_rx;
			c->has_base = true;
		}
		if (c->owner.basis <= OWNER_LISTENER && twin->owner.basis)
			r = conns_set_owner(&t->conns, c, &twin->owner);
		if (!r)
			r = tracker_attempt_merge(t, c, twin);
		if (!r && !c->is_born && twin->tcp_info && !c->tcp_info) {
			c->tcp_info = twin->tcp_info;
			twin->tcp_info = NULL;
		}
		tracker_forget(t, twin);
	}
	return r < 0 ? r : conns_set_cookie(&t->conns, c, cookie);
}
