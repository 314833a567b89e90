// SPDX-License-Identifier: MIT
/*
 * What events say of a connection's endpoints and states, and what is known of them already.
 */
#include "track/ending.h"
#include "track/event-socket.h"
#include "track/half-open.h"
#include "tcp/names.h"
#include "track/tracker-state.h"

static void copy_addresses(struct tcp_conn *c, const struct tcp_event *e)
{
	if (tcp_event_has(e, TCP_FIELD_FAMILY))
		c->family = e->family;
	if (tcp_event_has(e, TCP_FIELD_LPORT))
		c->local.port = e->local.port;
	if (tcp_event_has(e, TCP_FIELD_RPORT))
		c->remote.port = e->remote.port;
	if (tcp_event_has(e, TCP_FIELD_RADDR))
		c->remote.addr = e->remote.addr;
	if (tcp_event_has(e, TCP_FIELD_LADDR)) {
		c->local.addr = e->local.addr;
		c->has_local_addr = true;
	}
}

static bool is_complete(const struct tcp_conn *c)
{
	return c->local.port && (c->remote.port || tcp_conn_is_listener(c));
}

/* Those that are entered by their endpoints leave while these change. */
int tracker_learn_addresses(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	bool was_complete = is_complete(c);

	if (c->in_tuples) {
		struct tcp_conn after = {.local = c->local, .remote = c->remote};

		copy_addresses(&after, e);
		if (!memcmp(&after.local, &c->local, sizeof(after.local)) &&
		    !memcmp(&after.remote, &c->remote, sizeof(after.remote)))
			return 0;
		conns_drop_tuple(&t->conns, c);
		was_complete = false;
	}
	copy_addresses(c, e);
	if (was_complete || !is_complete(c))
		return 0;
	if (t->n_half_open && c->origin == TCP_ORIGIN_ACCEPT && half_open_complete(&t->conns, c))
		t->n_half_open--;
	return t->has_tuples ? conns_set_tuple(&t->conns, c) : 0;
}

void tracker_fill_addresses(const struct tcp_conn *k, struct tcp_event *e)
{
	if (!tcp_event_has(e, TCP_FIELD_LPORT) && k->local.port) {
		e->local.port = k->local.port;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	}
	if (!tcp_event_has(e, TCP_FIELD_RPORT) && k->remote.port) {
		e->remote.port = k->remote.port;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_RPORT);
	}
	if (!tcp_event_has(e, TCP_FIELD_LADDR) && k->has_local_addr) {
		e->local.addr = k->local.addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LADDR);
	}
	if (!tcp_event_has(e, TCP_FIELD_RADDR) && k->remote.addr.family) {
		e->remote.addr = k->remote.addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_RADDR);
	}
	/* A mapped socket is known to be IPv4 only by its addresses. */
	if (k->remote.addr.family || (!tcp_event_has(e, TCP_FIELD_FAMILY) && k->family)) {
		e->family = k->remote.addr.family ? k->remote.addr.family : k->family;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY);
	}
}

static void forget_timeout(struct tcp_conn *c)
{
	if (c->cold)
		c->cold->last_timeout_ns = 0;
}

/* Behind a new state: how long the old one lasted, and what the new one means. */
static void learn_change(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	if (c->state == e->oldstate && c->state_ns) {
		e->has_spent = true;
		e->spent_ns = e->ts_ns - c->state_ns;
	}
	ending_note_state(c, e->oldstate);
	ending_note_state(c, e->newstate);
	if (e->newstate == TCP_STATE_ESTABLISHED && e->oldstate != TCP_STATE_ESTABLISHED)
		c->established_ns = e->ts_ns;
	if (e->newstate == TCP_STATE_FIN_WAIT2 && !tcp_conn_is_closed(c))
		c->fin_wait2_ns = e->ts_ns;
	if (e->newstate == TCP_STATE_CLOSE && e->oldstate != TCP_STATE_CLOSE) {
		c->last_state = e->oldstate;
		c->knows_fin = e->n_frames > 0;
		c->has_fin = tcp_chain_has_fin(e->frames, e->n_frames);
	}
	/* Also where it changes to itself: the parts add up. */
	c->state_ns = e->ts_ns;
	c->state = e->newstate;
	forget_timeout(c);
}

void tracker_learn_state(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	if (e->kind == TCP_KIND_CONG_STATE && tcp_event_has(e, TCP_FIELD_CONG_STATE)) {
		c->ca = e->cong_state;
		c->has_ca = true;
		c->has_resent_in_loss = false;
		if (e->cong_state != TCP_CA_STATE_LOSS)
			forget_timeout(c);
	}
	if (e->kind == TCP_KIND_SET_STATE) {
		learn_change(t, c, e);
	} else if (tcp_event_has(e, TCP_FIELD_STATE) && event_is_of_socket(e) &&
		   c->state != e->state && !tcp_conn_is_closed(c)) {
		/* A change that was not seen, or the first that is seen of it. */
		ending_note_state(c, e->state);
		c->state = e->state;
		c->state_ns = 0;
	}
	/* Every socket begins in Open, and most never leave it: no event says so. */
	if (event_is_birth(e) && t->has_ca_events) {
		c->ca = TCP_CA_STATE_OPEN;
		c->has_ca = true;
	}
}
