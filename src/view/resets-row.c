// SPDX-License-Identifier: MIT
/*
 * What a row of resets shows: from the event, and at the end from its connection.
 */
#include <string.h>

#include "tcp/names.h"
#include "view/resets.h"

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
	int state = reset_state_of(e);

	*r = (struct reset){
		.ts_ns = e->ts_ns,
		.is_sent = e->kind == TCP_KIND_SEND_RESET,
		.kind = reset_kind_of(e),
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
	/* The kernel closes the socket first, and sends then. */
	r->state = r->is_sent && state == TCP_STATE_CLOSE && c ? c->last_state : state;
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
