// SPDX-License-Identifier: MIT
/*
 * Makes a row of resets from its event, and completes it at the end of its connection.
 */
#include "cells/conn-cells.h"
#include "tcp/names.h"
#include "view/resets.h"

static void reset_set_age(struct reset *r, const struct tcp_conn *c)
{
	uint64_t ts_ns = r->subject.ts_ns;

	r->is_age_exact = c->is_born;
	r->has_age = ts_ns >= c->seen_ns;
	r->age_ns = r->has_age ? ts_ns - c->seen_ns : 0;
}

void reset_of_event(struct reset *r, const struct tcp_event *e)
{
	const struct tcp_conn *c = e->conn;

	*r = (struct reset){
		.is_sent = e->kind == TCP_KIND_SEND_RESET,
		.kind = reset_kind_of(e),
		.state = reset_state_of(e),
		.reason = e->reason_name,
		.waits_for = c,
	};
	subject_of_event(&r->subject, e);
	/* A row has cookie and netns only after the end of its connection. */
	r->subject.cookie = 0;
	r->subject.netns = 0;
	/* A listener, or a half-open connection, has no end that the row could wait for. */
	if (c && (tcp_conn_is_listener(c) || c->origin == TCP_ORIGIN_HALF_OPEN))
		r->waits_for = NULL;
	if (r->waits_for)
		reset_set_age(r, r->waits_for);
}

void reset_complete(struct reset *r, const struct tcp_conn *c)
{
	struct subject *s = &r->subject;
	const struct tcp_conn_info *info = tcp_conn_info(c);
	uint64_t tx, rx;
	enum tcp_bytes_by by = tcp_conn_bytes(c, &tx, &rx);
	bool is_earlier =
		r->state == TCP_STATE_SYN_SENT && (c->was_established || c->established_ns);

	r->waits_for = NULL;
	r->kind = reset_kind_at_end(r->kind, c);
	r->is_undone = !r->is_sent && !tcp_conn_cold(c)->n_resets_received;
	if (c->owner.basis) {
		s->pid = c->owner.pid;
		s->owner = owner_basis_name(c->owner.basis);
		subject_set_comm(s, c->owner.comm);
	}
	if (!s->local.port)
		s->local = c->local;
	if (!s->remote.port)
		s->remote = c->remote;
	s->cookie = c->cookie;
	s->netns = c->netns;
	/* What came after a RST in SYN_SENT is not of its row. */
	if (is_earlier)
		by = TCP_BYTES_UNKNOWN;
	r->bytes = byte_cells_of(by, tx, rx);
	r->unacked = cell_if(by == TCP_BYTES_TCP_INFO && info->has_unacked, info->unacked_bytes);
	if (!is_earlier)
		r->retrans = cell_if(c->knows_retrans || c->n_retrans, c->n_retrans);
	r->has_loss = c->has_loss;
}
