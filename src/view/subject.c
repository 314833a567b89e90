// SPDX-License-Identifier: MIT
#include "view/subject.h"

#include <string.h>

#include "cells/conn-cells.h"

void subject_set_comm(struct subject *s, const char *comm)
{
	size_t len = comm ? strnlen(comm, sizeof(s->comm) - 1) : 0;

	memset(s->comm, 0, sizeof(s->comm));
	if (len)
		memcpy(s->comm, comm, len);
}

void subject_of_event(struct subject *s, const struct tcp_event *e)
{
	*s = (struct subject){
		.ts_ns = e->ts_ns,
		.sk = tcp_event_has(e, TCP_FIELD_SK) ? e->sk : 0,
		.cookie = e->conn ? e->conn->cookie : 0,
		.netns = e->conn ? e->conn->netns : 0,
		.pid = e->pid,
		.owner = e->owner,
		.local = e->local,
		.remote = e->remote,
		.family = e->family,
	};

	subject_set_comm(s, e->comm);
}

void subject_of_conn(struct subject *s, const struct tcp_conn *c)
{
	*s = (struct subject){
		.ts_ns = c->end_ns,
		.sk = c->sk,
		.cookie = c->cookie,
		.netns = c->netns,
		.pid = c->owner.pid,
		.owner = owner_basis_name(c->owner.basis),
		.local = c->local,
		.remote = c->remote,
		.family = c->family,
	};

	subject_set_comm(s, c->owner.comm);
}

struct cell column_subject_family(const void *subject)
{
	const struct subject *s = subject;
	uint8_t family = s->local.addr.family ? s->local.addr.family : s->remote.addr.family;

	return cell_some(family ? family : s->family);
}

struct byte_cells byte_cells_of(enum tcp_bytes_by by, uint64_t tx, uint64_t rx)
{
	return (struct byte_cells){
		.tx = cell_if(by, tx),
		.rx = cell_if(by, rx),
		.tx_kb = cell_if(by, tx / 1024),
		.rx_kb = cell_if(by, rx / 1024),
		.by = cell_word(tcp_bytes_by_name(by)),
	};
}
