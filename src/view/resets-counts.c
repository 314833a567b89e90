// SPDX-License-Identifier: MIT
/*
 * resets --count: how many, by direction, kind, reason, this host's port and the peer's address.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cells/conn-cells.h"
#include "view/resets.h"

struct reset_key {
	const char *reason; /* the tape's: the same word has one place */
	struct ip_addr peer;
	uint16_t lport, rport; /* the lower one of both ends; 0: not this side */
	uint8_t is_sent;
	uint8_t kind;
};

struct reset_count {
	struct reset_key key;
	uint64_t n;
};

enum {
	COL_COUNT,
	COL_SIGN,
	COL_DIRECTION,
	COL_KIND,
	COL_LPORT,
	COL_PEER,
	COL_RPORT,
	COL_REASON,
	COL_N,
};

static const struct column columns[COL_N] = {
	[COL_COUNT] = {.key = "count",
		       .head = "COUNT",
		       .where = COLUMN_ALL,
		       .width = 7,
		       .is_right = true},
	[COL_SIGN] = {.key = "sign", .head = "R", .where = COLUMN_TEXT, .width = 2},
	[COL_DIRECTION] = {.key = "direction", .where = COLUMN_DATA},
	[COL_KIND] = {.key = "kind", .head = "KIND", .where = COLUMN_ALL, .width = 9},
	[COL_LPORT] = {.key = "lport", .head = "LPORT", .where = COLUMN_ALL, .width = 5},
	[COL_PEER] = {.key = "raddr", .head = "RADDR", .where = COLUMN_ALL, .width = 15},
	[COL_RPORT] = {.key = "rport", .head = "RPORT", .where = COLUMN_ALL, .width = 5},
	[COL_REASON] = {.key = "reason", .head = "REASON", .where = COLUMN_ALL},
};

void reset_counts_init(struct groups *g)
{
	g->key_size = sizeof(struct reset_key);
	g->item_size = sizeof(struct reset_count);
}

int reset_counts_add(struct groups *g, const struct reset *r)
{
	struct reset_key key;
	struct reset_count *n;

	memset(&key, 0, sizeof(key));
	key.reason = r->reason;
	key.peer = r->remote.addr;
	/* The service's port is the lower one, mostly; the other is any. */
	if (r->local.port && (r->local.port < r->remote.port || !r->remote.port))
		key.lport = r->local.port;
	else
		key.rport = r->remote.port;
	key.is_sent = r->is_sent;
	key.kind = (uint8_t)r->kind;
	n = groups_get(g, &key);
	if (!n)
		return -ENOMEM;
	n->n++;
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct reset_count *x = *(struct reset_count *const *)a;
	const struct reset_count *y = *(struct reset_count *const *)b;
	int order;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	if (x->key.is_sent != y->key.is_sent)
		return x->key.is_sent ? -1 : 1;
	if (x->key.kind != y->key.kind)
		return x->key.kind < y->key.kind ? -1 : 1;
	order = memcmp(&x->key.peer, &y->key.peer, sizeof(x->key.peer));
	if (order)
		return order;
	if (x->key.lport != y->key.lport)
		return x->key.lport < y->key.lport ? -1 : 1;
	return x->key.rport < y->key.rport ? -1 : x->key.rport > y->key.rport;
}

int reset_counts_emit(const struct groups *g, struct table_sink *out, struct fault *fault)
{
	void **items CLEANUP(free_p) = groups_sorted(g, by_count);
	int r;

	if (!items)
		return fault_errno(fault, -ENOMEM, "counts");
	r = table_begin(out, columns, COL_N, fault);
	for (size_t i = 0; !r && i < g->n; i++) {
		const struct reset_count *n = items[i];
		const struct cell cells[COL_N] = {
			[COL_COUNT] = cell_u64(n->n),
			[COL_SIGN] = cell_str(n->key.is_sent ? "R>" : "R<"),
			[COL_DIRECTION] = cell_str(n->key.is_sent ? "sent" : "received"),
			[COL_KIND] = cell_str(reset_kind_name(n->key.kind)),
			[COL_LPORT] = cell_port(n->key.lport),
			[COL_PEER] = cell_addr(&n->key.peer),
			[COL_RPORT] = cell_port(n->key.rport),
			[COL_REASON] = cell_str(n->key.reason),
		};

		r = table_row(out, cells, fault);
	}
	return r;
}
