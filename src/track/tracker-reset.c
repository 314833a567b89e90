// SPDX-License-Identifier: MIT
/*
 * Counts RSTs, keeps the one that cut a connection, and knows connections that nobody had accepted
 * when their listener was closed. The kernel resets those in the close() of the listener
 * (inet_csk_listen_stop): after the listener's change to CLOSE and before its destruction, by the
 * same thread.
 */
#include <errno.h>

#include "tcp/names.h"
#include "tcp/reset-kind.h"
#include "track/event-socket.h"
#include "track/owners.h"
#include "track/tracker-state.h"

/* A thread that closes a listener resets its connections one after the other. A longer pause than
 * this ends the call, if the listener's destruction is not seen. */
#define PAUSE_NS 100000000u

/* The entry of the thread of e. NULL: it closes no listener. */
static struct closing_listener *closing_of(struct tracker *t, const struct tcp_event *e)
{
	for (size_t i = 0; i < CLOSING_LISTENERS; i++) {
		struct closing_listener *l = &t->closing[i];

		if (l->tid && l->tid == e->cpu_tid && e->ts_ns - l->ts_ns <= PAUSE_NS)
			return l;
	}
	return NULL;
}

static void note_listener(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct closing_listener *l = closing_of(t, e);

	if (!(t->expected & TCP_KIND_BIT(TCP_KIND_DESTROY)))
		return;
	if (!l)
		l = &t->closing[t->next_closing++ % CLOSING_LISTENERS];
	*l = (struct closing_listener){.tid = e->cpu_tid,
				       .listener = c,
				       .id = c->id,
				       .local = c->local,
				       .ts_ns = e->ts_ns};
}

/* Whether the local end of a connection is one of its listener, whose address may be a wildcard. */
static bool is_listeners(const struct endpoint *listener, const struct endpoint *local)
{
	static const struct ip_addr any4 = {.family = 4}, any6 = {.family = 6};

	return listener->port == local->port &&
	       (ip_addr_equal(&listener->addr, &local->addr) || !listener->addr.family ||
		ip_addr_equal(&listener->addr, &any4) || ip_addr_equal(&listener->addr, &any6));
}

void tracker_note_unaccepted(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct closing_listener *l;

	if (!tcp_event_in_process(e))
		return;
	if (e->kind == TCP_KIND_SET_STATE && e->oldstate == TCP_STATE_LISTEN &&
	    e->newstate == TCP_STATE_CLOSE) {
		note_listener(t, c, e);
		return;
	}
	l = closing_of(t, e);
	if (!l)
		return;
	if (e->kind == TCP_KIND_DESTROY && c->id == l->id) {
		l->tid = 0;
		return;
	}
	l->ts_ns = e->ts_ns;
	if (e->kind == TCP_KIND_SET_STATE && e->newstate == TCP_STATE_CLOSE &&
	    c->owner.basis != OWNER_IO && c->owner.basis != OWNER_TABLE &&
	    c->origin != TCP_ORIGIN_CONNECT && is_listeners(&l->local, &c->local))
		c->is_unaccepted = true;
}

int tracker_destroyed_listener(struct tracker *t, struct tcp_event *e)
{
	struct closing_listener *l = tcp_event_in_process(e) ? closing_of(t, e) : NULL;
	struct tcp_conn_cold *cold;

	if (!l || e->err != ECONNABORTED || l->listener->id != l->id ||
	    !is_listeners(&l->local, &e->local))
		return 0;
	cold = conns_cold(&t->conns, l->listener);
	if (!cold)
		return -ENOMEM;
	cold->err = e->err;
	e->conn = l->listener;
	owners_show(e, l->listener, &t->cgroups);
	return 0;
}

static void note_reset(struct tcp_conn_cold *cold, const struct tcp_event *e, bool undoes)
{
	bool is_sent = e->kind == TCP_KIND_SEND_RESET;

	if (undoes)
		cold->n_resets_received--;
	else if (cold->n_resets_sent + cold->n_resets_received)
		return;
	cold->reset = (struct tcp_conn_reset){
		.ts_ns = e->ts_ns,
		.reason = is_sent ? e->reason_name : NULL,
		.kind = (uint8_t)reset_kind_of(e),
		.state = (uint8_t)reset_state_of(e),
		.is_sent = is_sent,
		.undoes_received = undoes,
	};
}

int tracker_count_reset(struct tracker *t, struct tcp_conn *c, const struct tcp_event *e)
{
	struct tcp_conn_cold *cold;

	if (e->kind == TCP_KIND_SEND_RESET && !event_is_of_socket(e))
		return 0;
	cold = conns_cold(&t->conns, c);
	if (!cold)
		return -ENOMEM;
	note_reset(cold, e, e->kind == TCP_KIND_SEND_RESET && reset_undoes_received(e));
	cold->n_resets_sent += e->kind == TCP_KIND_SEND_RESET;
	cold->n_resets_received += e->kind == TCP_KIND_RECEIVE_RESET;
	return tracker_attempt_reset(t, c, e);
}
