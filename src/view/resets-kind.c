// SPDX-License-Identifier: MIT
/*
 * What a RST means. The reasons of tcp_send_reset (include/net/rstreason.h, from 6.10 on) refine
 * what the states say on every kernel.
 */
#include <string.h>

#include "tcp/names.h"
#include "view/resets.h"

const char *reset_kind_name(enum reset_kind k)
{
	static const char *const names[RESET_KINDS] = {
		[RESET_NO_SOCKET] = "no-socket", [RESET_REFUSED] = "refused",
		[RESET_HANDSHAKE] = "handshake", [RESET_LISTENER] = "listener",
		[RESET_ABORT] = "abort",	 [RESET_KEEPALIVE] = "keepalive",
		[RESET_LATE_DATA] = "late-data", [RESET_INVALID] = "invalid",
		[RESET_MIDSTREAM] = "midstream", [RESET_AFTER_FIN] = "after-fin",
		[RESET_LATE] = "late",
	};

	return (unsigned int)k < RESET_KINDS ? names[k] : NULL;
}

static enum reset_kind sent_kind(int state, const char *reason)
{
	if (reason && strstr(reason, "KEEPALIVE"))
		return RESET_KEEPALIVE;
	switch (state) {
	case TCP_STATE_NONE: return RESET_NO_SOCKET;
	case TCP_STATE_LISTEN: return RESET_LISTENER;
	case TCP_STATE_TIME_WAIT: return RESET_LATE;
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_SYN_RECV:
	case TCP_STATE_NEW_SYN_RECV: return RESET_HANDSHAKE;
	/* The kernel closes the socket first, and sends then. */
	case TCP_STATE_CLOSE: return RESET_ABORT;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSING:
	case TCP_STATE_LAST_ACK: return RESET_LATE_DATA;
	default: return RESET_INVALID;
	}
}

static enum reset_kind received_kind(int state)
{
	switch (state) {
	case TCP_STATE_SYN_SENT: return RESET_REFUSED;
	case TCP_STATE_SYN_RECV:
	case TCP_STATE_NEW_SYN_RECV: return RESET_HANDSHAKE;
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2:
	case TCP_STATE_CLOSE_WAIT: return RESET_AFTER_FIN;
	case TCP_STATE_CLOSING:
	case TCP_STATE_LAST_ACK: return RESET_LATE;
	default: return RESET_MIDSTREAM;
	}
}

static void set_comm(struct reset *r, const char *comm)
{
	size_t len = comm ? strnlen(comm, sizeof(r->comm) - 1) : 0;

	memset(r->comm, 0, sizeof(r->comm));
	if (len)
		memcpy(r->comm, comm, len);
}

static void set_age(struct reset *r, const struct tcp_conn *c)
{
	uint64_t from = c->seen_ns;

	r->is_age_exact = c->is_born;
	r->has_age = r->ts_ns >= from;
	r->age_ns = r->has_age ? r->ts_ns - from : 0;
}

void reset_of_event(struct reset *r, const struct tcp_event *e)
{
	const struct tcp_conn *c = e->conn;
	int state = tcp_event_has(e, TCP_FIELD_STATE) ? e->state : 0;

	*r = (struct reset){
		.ts_ns = e->ts_ns,
		.is_sent = e->kind == TCP_KIND_SEND_RESET,
		.reason = e->reason_name,
		.sk = tcp_event_has(e, TCP_FIELD_SK) ? e->sk : 0,
		.family = e->family,
		.local = e->local,
		.remote = e->remote,
		.pid = e->pid,
		.owner = e->owner,
		.waits_for = c,
	};
	set_comm(r, e->comm);
	if (r->is_sent) {
		/* Before 4.20 the event has no state. */
		if (!state && r->sk && c)
			state = c->state;
		r->kind = sent_kind(state, r->reason);
		r->state = state == TCP_STATE_CLOSE && c ? c->last_state : state;
	} else {
		r->state = c ? c->state : 0;
		r->kind = received_kind(r->state);
	}
	/* The listener that answered is no connection. */
	if (c && (tcp_conn_is_listener(c) || c->origin == TCP_ORIGIN_HALF_OPEN))
		r->waits_for = NULL;
	if (r->waits_for)
		set_age(r, c);
}

void reset_complete(struct reset *r, const struct tcp_conn *c)
{
	r->waits_for = NULL;
	r->has_conn = true;
	if (c->owner.basis) {
		r->pid = c->owner.pid;
		r->owner = owner_basis_name(c->owner.basis);
		set_comm(r, c->owner.comm);
	}
	if (!r->local.port)
		r->local = c->local;
	if (!r->remote.port)
		r->remote = c->remote;
	r->cookie = c->cookie;
	r->netns = c->netns;
	r->bytes_by = tcp_conn_bytes(c, &r->tx_bytes, &r->rx_bytes);
	r->retrans = c->n_retrans;
	r->knows_retrans = c->knows_retrans;
	r->has_loss = c->has_loss;
}
