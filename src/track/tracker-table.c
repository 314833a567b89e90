// SPDX-License-Identifier: MIT
/*
 * sock_diag knows endpoints and cookies; events know socket ids, and cookies only now and then.
 * They are brought together by endpoints while a table comes, and by cookie at the end. Where two
 * sockets have the same endpoints (in two network namespaces), only a cookie can tell.
 */
#include <errno.h>

#include "track/ending.h"
#include "tcp/names.h"
#include "track/owners.h"
#include "tracepoint/socket-row.h"
#include "track/tracker-state.h"

/* Connections of which nothing but the last word was seen. */
#define STRAYS_MAX (1u << 16)

/* No socket of a process: a TIME_WAIT or request entry, or one that has no connection. */
static bool is_nobodys(const struct tcp_event *e)
{
	if (e->state == TCP_STATE_LISTEN)
		return !e->local.port;
	return e->state == TCP_STATE_TIME_WAIT || e->state == TCP_STATE_NEW_SYN_RECV ||
	       e->state == TCP_STATE_CLOSE || !e->tcp_info || !e->local.port || !e->remote.port;
}

static void learn_place(struct tcp_conn *c, const struct tcp_event *e)
{
	if (tcp_event_has(e, TCP_FIELD_NETNS))
		c->netns = e->netns;
}

/* A passive open begins to count bytes_acked behind its SYN, an active one before it. */
static void learn_side(struct tcp_conn *c, const struct tcp_info_values *f)
{
	uint64_t unacked, acked, sent, again;

	if (c->is_born || !tcp_info_get(f, TCP_INFO_UNACKED, &unacked) || unacked ||
	    !tcp_info_get(f, TCP_INFO_BYTES_ACKED, &acked) ||
	    !tcp_info_get(f, TCP_INFO_BYTES_SENT, &sent) ||
	    !tcp_info_get(f, TCP_INFO_BYTES_RETRANS, &again))
		return;
	c->is_client = acked == sent - again + 1;
}

static int learn_row(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	int r = 0;

	learn_place(c, e);
	learn_side(c, e->tcp_info);
	if (tcp_event_has(e, TCP_FIELD_HOLDER))
		r = owners_found(&t->conns, c, e->holder, task_names_comm(&t->tasks, e->holder),
				 e->holders);
	if (r < 0)
		return r;
	if (c->cookie || !tcp_event_has(e, TCP_FIELD_COOKIE) || !e->cookie)
		return 0;
	return conns_set_cookie(&t->conns, c, e->cookie);
}

static int new_conn(struct tracker *t, const struct tcp_event *e, struct tcp_conn **ret)
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

/* Known by the row's cookie, or by its endpoints where it has no cookie yet. */
static struct tcp_conn *known(const struct tracker *t, const struct tcp_event *e)
{
	struct tcp_conn *c = conns_by_cookie(&t->conns, e->cookie), *found = NULL;

	if (c)
		return c;
	for (c = conns_by_tuple(&t->conns, &e->local, &e->remote); c;
	     c = conns_same_tuple(&t->conns, c)) {
		if (c->cookie || c->origin == TCP_ORIGIN_HALF_OPEN || c->has_final)
			continue;
		if (found)
			return NULL;
		found = c;
	}
	return found;
}

/*
 * What the processes had written and read of a connection that was open before: the calls that the
 * tape sees go on from there. Only where none was seen yet, and none can be halfway: nothing waits
 * to be sent or acknowledged.
 */
static void learn_base(struct tcp_conn *c, const struct tcp_event *e)
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

static int in_start_dump(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = known(t, e);
	int r;

	if (c) {
		e->conn = c;
		if (tcp_conn_is_closed(c))
			return 0;
		learn_base(c, e);
		return learn_row(t, c, e);
	}
	r = new_conn(t, e, &c);
	if (r < 0 || !c)
		return r;
	e->conn = c;
	t->has_unplaced = true;
	learn_base(c, e);
	r = learn_row(t, c, e);
	if (!r && tcp_conn_is_listener(c)) {
		conns_set_opener(&t->conns, c);
		r = listeners_add(&t->listeners, c);
	}
	return r;
}

/*
 * An attempt of which no event came behind CLOSE to SYN_SENT, which has no port of ours yet: with the
 * same peer and the same owner one is as good as the other. It gets the row's endpoints.
 */
static int find_portless(struct tracker *t, const struct tcp_event *e, struct tcp_conn **ret)
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

static int in_end_dump(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = known(t, e);
	int r = 0;

	if (!c)
		r = find_portless(t, e, &c);
	if (r < 0)
		return r;
	if (!c) {
		r = new_conn(t, e, &c);
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
	return r < 0 ? r : learn_row(t, c, e);
}

static void enter(void *userdata, struct tcp_conn *c)
{
	struct tracker *t = userdata;

	if (!tcp_conn_is_emitted(c) && (c->remote.port || tcp_conn_is_listener(c)))
		t->n_unentered += conns_set_tuple(&t->conns, c) < 0;
}

int tracker_dumped(struct tracker *t, struct tcp_event *e)
{
	switch (e->dump) {
	case SOCKET_DUMP_START: return is_nobodys(e) ? 0 : in_start_dump(t, e);
	case SOCKET_DUMP_START_DONE: t->has_tuples = false; return 0;
	case SOCKET_DUMP_END_DONE: t->has_whole_end_dump = !e->holders; return 0;
	case SOCKET_DUMP_END: break;
	default: return 0;
	}
	if (!tracker_keeps(t) || is_nobodys(e))
		return 0;
	if (!t->has_tuples) {
		t->has_tuples = true;
		conns_each(&t->conns, enter, t);
		if (t->n_unentered)
			return -ENOMEM;
	}
	return in_end_dump(t, e);
}

/* The last word on a socket of which no event told that it is gone: it waits until somebody is
 * missing. */
static int keep_unmatched_final(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c;
	int r;

	/* Never connected, or a listener: nothing to tell. */
	if (!e->local.port || !e->remote.port || !e->tcp_info || t->n_strays >= STRAYS_MAX)
		return 0;
	r = new_conn(t, e, &c);
	if (r < 0 || !c)
		return r;
	e->conn = c;
	t->n_strays++;
	c->origin = TCP_ORIGIN_SEEN;
	c->ending = TCP_ENDING_UNSEEN;
	c->end_ns = e->ts_ns;
	c->phase = CONN_UNMATCHED;
	learn_place(c, e);
	return ending_take_tcp_info(&t->conns, c, e->tcp_info, true);
}

void tracker_claim_unmatched_final(struct tracker *t, struct tcp_conn *c)
{
	struct tcp_conn_info *tcp_info;
	struct tcp_conn *s = t->n_strays ? conns_by_tuple(&t->conns, &c->local, &c->remote) : NULL;

	while (s && (s->phase != CONN_UNMATCHED || s->end_ns < c->seen_ns))
		s = conns_same_tuple(&t->conns, s);
	if (!s)
		return;
	tcp_info = c->tcp_info;
	conns_drop_cookie(&t->conns, c);
	c->cookie = s->cookie;
	c->netns = s->netns;
	c->end_ns = s->end_ns;
	c->has_final = true;
	/* What c had goes with s. */
	c->tcp_info = s->tcp_info;
	s->tcp_info = tcp_info;
	t->n_strays--;
	conns_free(&t->conns, s);
}

int tracker_final(struct tracker *t, struct tcp_event *e)
{
	struct tcp_conn *c = tracker_keeps(t) ? known(t, e) : NULL;
	int r;

	if (!tracker_keeps(t))
		return 0;
	if (!c)
		return keep_unmatched_final(t, e);
	/* It was emitted already, without this. */
	if (tcp_conn_is_emitted(c)) {
		tracker_forget(t, c);
		return 0;
	}
	learn_place(c, e);
	if (!tcp_conn_is_closed(c)) {
		c->last_state = c->state;
		c->state = TCP_STATE_CLOSE;
		tracker_close(t, c, e->ts_ns);
		c->ending = TCP_ENDING_UNSEEN;
	}
	r = ending_take_tcp_info(&t->conns, c, e->tcp_info, true);
	if (r < 0)
		return r;
	c->phase = CONN_COMPLETE;
	c->gone_ns = e->ts_ns;
	conns_drop_id(&t->conns, c);
	e->conn = c;
	return 0;
}

static struct tcp_conn *unplaced(const struct conns *s, struct tcp_conn *c)
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

	if (!t->has_unplaced)
		return NULL;
	if (tcp_event_has(e, TCP_FIELD_COOKIE)) {
		c = conns_by_cookie(s, e->cookie);
		if (c)
			return c->sk || tcp_conn_is_closed(c) ? NULL : c;
	}
	if (!tcp_event_has(e, TCP_FIELD_LPORT))
		return NULL;
	c = unplaced(s, conns_by_tuple(s, &e->local, remote));
	return c && !unplaced(s, conns_same_tuple(s, c)) ? c : NULL;
}

int tracker_learn_cookie(struct tracker *t, struct tcp_conn *c, uint64_t cookie)
{
	struct tcp_conn *twin = conns_by_cookie(&t->conns, cookie);
	uint64_t first_ns = c->seen_ns;
	int r = 0;

	if (c->cookie || twin == c)
		return 0;
	/* The same socket, of which the table alone knew until now. */
	if (twin && !twin->sk && !tcp_conn_is_closed(twin)) {
		if (!c->is_born)
			c->origin = twin->origin;
		if (twin->seen_ns < c->seen_ns && !c->is_born)
			c->seen_ns = twin->seen_ns;
		c->netns = twin->netns;
		c->is_client |= twin->is_client;
		/* Calls before the table are in its figures already. */
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
