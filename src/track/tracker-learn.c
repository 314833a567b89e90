// SPDX-License-Identifier: MIT
/*
 * Learns a connection's endpoints and states from its events, and completes the events with them.
 */
#include "tcp/names.h"
#include "track/ending.h"
#include "track/event-socket.h"
#include "track/half-open.h"
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

static bool endpoints_are_complete(const struct tcp_conn *c)
{
	return c->local.port && (c->remote.port || tcp_conn_is_listener(c));
}

/* A connection that is in the index of endpoints leaves it while its endpoints change. */
int tracker_learn_addresses(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	bool was_complete = endpoints_are_complete(c);

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
	if (was_complete || !endpoints_are_complete(c))
		return 0;
	if (t->n_half_open && c->origin == TCP_ORIGIN_ACCEPT && half_open_complete(&t->conns, c))
		t->n_half_open--;
	return t->has_tuples ? conns_set_tuple(&t->conns, c) : 0;
}

void tracker_fill_addresses(const struct tcp_conn *c, struct tcp_event *e)
{
	if (!tcp_event_has(e, TCP_FIELD_LPORT) && c->local.port) {
		e->local.port = c->local.port;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	}
	if (!tcp_event_has(e, TCP_FIELD_RPORT) && c->remote.port) {
		e->remote.port = c->remote.port;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_RPORT);
	}
	if (!tcp_event_has(e, TCP_FIELD_LADDR) && c->has_local_addr) {
		e->local.addr = c->local.addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LADDR);
	}
	if (!tcp_event_has(e, TCP_FIELD_RADDR) && c->remote.addr.family) {
		e->remote.addr = c->remote.addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_RADDR);
	}
	/* Only the addresses of an AF_INET6 socket show that it speaks IPv4. */
	if (c->remote.addr.family || (!tcp_event_has(e, TCP_FIELD_FAMILY) && c->family)) {
		e->family = c->remote.addr.family ? c->remote.addr.family : c->family;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY);
	}
}

static void timeout_forget(struct tcp_conn *c)
{
	if (c->cold)
		c->cold->last_timeout_ns = 0;
}

/* Learns from the first state of a socket whose birth was not seen that it is trying to connect. */
static void learn_first_state(struct tcp_conn *c, int state)
{
	if (c->is_born || c->state || state != TCP_STATE_SYN_SENT)
		return;
	c->was_connecting = true;
	c->is_client = true;
}

/* Two events at most this far apart may be from one call of a softirq. */
#define AT_ONCE_NS 50000u

/*
 * Whether the socket goes from FIN_WAIT2 to CLOSE only to live on in FIN_WAIT2 as a small TIME_WAIT
 * socket, of which there are no events. A socket that its process has closed does so as soon as its
 * FIN is acknowledged (tcp_time_wait, called by tcp_rcv_state_process), before the peer's FIN.
 */
static bool lives_on_in_fin_wait2(const struct tcp_conn *c, const struct tcp_event *e)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);

	if (e->oldstate != TCP_STATE_FIN_WAIT2 || e->newstate != TCP_STATE_CLOSE || cold->err ||
	    cold->n_resets_received || cold->n_resets_sent)
		return false;
	if (tcp_chain_tells_fin(e->frames, e->n_frames))
		return !tcp_chain_has_fin(e->frames, e->n_frames);
	return c->state_ns && e->ts_ns - c->state_ns < AT_ONCE_NS;
}

/* Learns how long the old state lasted, and what the new one means. */
static void learn_state_change(struct tcp_conn *c, struct tcp_event *e)
{
	learn_first_state(c, e->oldstate);
	if (c->state == e->oldstate && c->state_ns && !lives_on_in_fin_wait2(c, e)) {
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
		c->knows_fin = tcp_chain_tells_fin(e->frames, e->n_frames);
		c->has_fin = tcp_chain_has_fin(e->frames, e->n_frames);
	}
	/* The time is set at a change from a state to itself, too: the parts add up to the
	 * whole. */
	c->state_ns = e->ts_ns;
	c->state = e->newstate;
	timeout_forget(c);
}

void tracker_learn_state(struct tracker *t, struct tcp_conn *c, struct tcp_event *e)
{
	if (e->kind == TCP_KIND_CONG_STATE && tcp_event_has(e, TCP_FIELD_CONG_STATE)) {
		c->ca = e->cong_state;
		c->has_ca = true;
		c->has_resent_in_loss = false;
		if (e->cong_state != TCP_CA_STATE_LOSS)
			timeout_forget(c);
	}
	if (e->kind == TCP_KIND_SET_STATE) {
		learn_state_change(c, e);
	} else if (tcp_event_has(e, TCP_FIELD_STATE) && event_is_of_socket(e) &&
		   c->state != e->state && !tcp_conn_is_closed(c)) {
		/* The change of state was not seen, or this is the first event of the socket. */
		learn_first_state(c, e->state);
		ending_note_state(c, e->state);
		c->state = e->state;
		c->state_ns = 0;
	}
	/* Every socket begins in congestion state Open (tcp_init_sock), without an event. */
	if (event_is_birth(e) && t->has_ca_events) {
		c->ca = TCP_CA_STATE_OPEN;
		c->has_ca = true;
	}
}
