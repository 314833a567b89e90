// SPDX-License-Identifier: MIT
/*
 * The socket tables at the start and at the end (dumps of sock_diag). sock_diag knows endpoints and
 * cookies; events know socket ids, and only some of them the cookie. A row and a socket id are
 * brought together by endpoints while a table comes, and by cookie later. Where two sockets have
 * the same endpoints (in two network namespaces), only a cookie can tell them apart.
 */
#include <errno.h>

#include "tcp/names.h"
#include "track/ending.h"
#include "track/owners.h"
#include "track/tracker-state.h"

/* No socket of a process: a TIME_WAIT or request entry, or a socket without a connection. */
static bool row_is_nobodys(const struct tcp_event *e)
{
	if (e->state == TCP_STATE_LISTEN)
		return !e->local.port;
	return e->state == TCP_STATE_TIME_WAIT || e->state == TCP_STATE_NEW_SYN_RECV ||
	       e->state == TCP_STATE_CLOSE || !e->tcp_info || !e->local.port || !e->remote.port;
}

/* bytes_acked counts the SYN of an active open (tcp_rcv_synsent_state_process calls tcp_ack), and
 * not that of a passive one (tcp_create_openreq_child sets snd_una to what comes after it). */
static void conn_learn_side(struct tcp_conn *c, const struct tcp_info_values *f)
{
	uint64_t unacked, acked, sent, again;

	if (c->is_born || !tcp_info_get(f, TCP_INFO_UNACKED, &unacked) || unacked ||
	    !tcp_info_get(f, TCP_INFO_BYTES_ACKED, &acked) ||
	    !tcp_info_get(f, TCP_INFO_BYTES_SENT, &sent) ||
	    !tcp_info_get(f, TCP_INFO_BYTES_RETRANS, &again))
		return;
	c->is_client = acked == sent - again + 1;
}

static int conn_learn_row(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	int r = 0;

	tracker_learn_netns(c, e);
	conn_learn_side(c, e->tcp_info);
	if (tcp_event_has(e, TCP_FIELD_HOLDER))
		r = owners_found(&t->conns, c, e->holder, task_names_comm(&t->tasks, e->holder),
				 e->holders);
	if (r < 0)
		return r;
	if (c->cookie || !tcp_event_has(e, TCP_FIELD_COOKIE) || !e->cookie)
		return 0;
	return conns_set_cookie(&t->conns, c, e->cookie);
}

/*
 * How much the processes had written and read when the recording began: the calls that the tape
 * sees add to that. Only where no call was seen yet, and none can be half done: no data waits to be
 * sent or acknowledged.
 */
static void conn_learn_base(struct tcp_conn *c, const struct tcp_event *e)
{
	uint64_t unacked, notsent, sent, again, received, unread;

	if (c->is_born || c->has_base || c->io_tx || c->io_rx ||
	    e->state != TCP_STATE_ESTABLISHED ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_UNACKED, &unacked) || unacked ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_NOTSENT_BYTES, &notsent) || notsent ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_SENT, &sent) ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_RETRANS, &again) || again > sent ||
	    !tcp_info_get(e->tcp_info, TCP_INFO_BYTES_RECEIVED, &received) ||
	    !tcp_event_extra(e, "rqueue", &unread) || unread > received)
		return;
	c->io_tx = sent - again;
	c->io_rx = received - unread;
	c->has_base = true;
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
		return conn_learn_row(t, c, e);
	}
	r = tracker_new_conn(t, e, &c);
	if (r < 0 || !c)
		return r;
	e->conn = c;
	t->has_table_conns = true;
	conn_learn_base(c, e);
	r = conn_learn_row(t, c, e);
	if (!r && tcp_conn_is_listener(c)) {
		conns_set_opener(&t->conns, c);
		r = listeners_add(&t->listeners, c);
	}
	return r;
}

/*
 * Finds an attempt of which no event came after CLOSE to SYN_SENT, which does not have the local
 * port yet: among attempts with the same peer and the same owner any will do. It gets the row's
 * endpoints.
 */
static int conn_find_portless(struct tracker *t, const struct tcp_event *e, struct tcp_conn **ret)
{
	const struct endpoint nameless = {.addr = e->local.addr}, nobody = {0};
	struct tcp_conn *c = conns_by_tuple(&t->conns, &nameless, &e->remote);

	*ret = NULL;
	if (e->state != TCP_STATE_SYN_SENT)
		return 0;
	if (!c)
		c = conns_by_tuple(&t->conns, &nobody, &e->remote);
	while (c &&
	       (c->cookie || tcp_conn_is_closed(c) || c->is_in_end_dump ||
		c->state != TCP_STATE_SYN_SENT ||
		(tcp_event_has(e, TCP_FIELD_HOLDER) && c->owner.pid && c->owner.pid != e->holder)))
		c = conns_same_tuple(&t->conns, c);
	if (!c)
		return 0;
	conns_drop_tuple(&t->conns, c);
	c->local = e->local;
	*ret = c;
	return conns_set_tuple(&t->conns, c);
}

static int tracker_end_dump_row(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = tracker_row_conn(t, e);
	int r = 0;

	if (!c)
		r = conn_find_portless(t, e, &c);
	if (r < 0)
		return r;
	if (!c) {
		r = tracker_new_conn(t, e, &c);
		if (r < 0 || !c)
			return r;
	}
	e->conn = c;
	c->is_in_end_dump = true;
	if (tcp_conn_is_closed(c))
		return 0;
	if (c->state != e->state) {
		c->state = e->state;
		c->state_ns = 0;
		ending_note_state(c, e->state);
	}
	if (!tcp_conn_is_listener(c))
		r = ending_take_tcp_info(&t->conns, c, e->tcp_info, false);
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
	switch (e->dump) {
	case SOCKET_DUMP_START: return row_is_nobodys(e) ? 0 : tracker_start_dump_row(t, e);
	case SOCKET_DUMP_START_DONE: t->has_tuples = false; return 0;
	case SOCKET_DUMP_END_DONE: t->has_whole_end_dump = !e->holders; return 0;
	case SOCKET_DUMP_END: break;
	default: return 0;
	}
	if (!tracker_keeps(t) || row_is_nobodys(e))
		return 0;
	if (!t->has_tuples) {
		t->has_tuples = true;
		conns_each(&t->conns, conn_enter_tuple, t);
		if (t->n_unentered)
			return -ENOMEM;
	}
	return tracker_end_dump_row(t, e);
}

/* From c on, the first connection with the same endpoints of which no event was seen yet. */
static struct tcp_conn *conn_without_id(const struct conns *s, struct tcp_conn *c)
{
	while (c && (c->sk || tcp_conn_is_closed(c) || c->origin == TCP_ORIGIN_HALF_OPEN))
		c = conns_same_tuple(s, c);
	return c;
}

struct tcp_conn *tracker_from_table(struct tracker *t, const struct tcp_event *e)
{
	static const struct endpoint nobody;
	const struct conns *s = &t->conns;
	const struct endpoint *remote = tcp_event_has(e, TCP_FIELD_RPORT) ? &e->remote : &nobody;
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
	/* The same socket: until now only a row of the table was known of it. */
	if (twin && !twin->sk && !tcp_conn_is_closed(twin)) {
		if (!c->is_born)
			c->origin = twin->origin;
		if (twin->seen_ns < c->seen_ns && !c->is_born)
			c->seen_ns = twin->seen_ns;
		c->netns = twin->netns;
		c->is_client |= twin->is_client;
		/* Calls before the table are in its byte counts already. */
		if (twin->has_base && !c->is_born && twin->seen_ns < first_ns) {
			c->io_tx += twin->io_tx;
			c->io_rx += twin->io_rx;
			c->has_base = true;
		}
		if (c->owner.basis <= OWNER_LISTENER && twin->owner.basis)
			r = conns_set_owner(&t->conns, c, &twin->owner);
		tracker_forget(t, twin);
	}
	return r < 0 ? r : conns_set_cookie(&t->conns, c, cookie);
}
