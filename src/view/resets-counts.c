// SPDX-License-Identifier: MIT
/*
 * resets --count: the number of RSTs by direction, kind, reason, service port and peer address.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cells/conn-cells.h"
#include "view/resets.h"

struct reset_key {
	const char *reason; /* compared as a pointer: a tape has each name once */
	struct ip_addr peer;
	uint16_t lport, rport; /* the lower port of both ends; the other one is 0 */
	uint8_t is_sent;
	uint8_t kind;
};

struct reset_count {
	struct reset_key key;
	uint64_t n;
};

static struct cell counts_sign(const void *at)
{
	const struct reset_count *n = at;

	return cell_word(n->key.is_sent ? "R>" : "R<");
}

static struct cell counts_direction(const void *at)
{
	const struct reset_count *n = at;

	return cell_word(n->key.is_sent ? "sent" : "received");
}

static struct cell counts_kind(const void *at)
{
	const struct reset_count *n = at;

	return cell_word(reset_kind_name(n->key.kind));
}

#define COUNT(member) .at = offsetof(struct reset_count, member)

static const struct view_column columns[] = {
	{"count", "COUNT", COLUMN_ALL, 7, column_u64, COUNT(n), .is_right = true},
	{"sign", "R", COLUMN_TEXT, 2, counts_sign, .at = 0},
	{"direction", NULL, COLUMN_DATA, 0, counts_direction, .at = 0},
	{"kind", "KIND", COLUMN_ALL, 9, counts_kind, .at = 0},
	{"lport", "LPORT", COLUMN_ALL, 5, column_port, COUNT(key.lport)},
	{"raddr", "RADDR", COLUMN_ALL, 15, column_addr, COUNT(key.peer)},
	{"rport", "RPORT", COLUMN_ALL, 5, column_port, COUNT(key.rport)},
	{"reason", "REASON", COLUMN_ALL, 0, column_str, COUNT(key.reason)},
};

void reset_counts_init(struct groups *g)
{
	g->key_size = sizeof(struct reset_key);
	g->item_size = sizeof(struct reset_count);
}

int reset_counts_add(struct groups *g, const struct reset *r)
{
	const struct endpoint *local = &r->subject.local, *remote = &r->subject.remote;
	struct reset_key key;
	struct reset_count *n;

	memset(&key, 0, sizeof(key));
	key.reason = r->reason;
	key.peer = remote->addr;
	/* The lower port is mostly that of the service; the other one differs in each
	 * connection. */
	if (local->port && (local->port < remote->port || !remote->port))
		key.lport = local->port;
	else
		key.rport = remote->port;
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
	order = ip_addr_compare(&x->key.peer, &y->key.peer);
	if (order)
		return order;
	if (x->key.lport != y->key.lport)
		return x->key.lport < y->key.lport ? -1 : 1;
	return x->key.rport < y->key.rport ? -1 : x->key.rport > y->key.rport;
}

int reset_counts_emit(const struct groups *g, struct view_table *t, struct table_sink *out,
		      struct fault *fault)
{
	void **items CLEANUP(free_p) = groups_sorted(g, by_count);
	int r;

	if (!items)
		return fault_no_memory(fault);
	r = view_table_begin(t, columns, ARRAY_SIZE(columns), 0, out, fault);
	for (size_t i = 0; !r && i < g->n; i++)
		r = view_table_row(t, (const void *[]){items[i]}, out, fault);
	return r;
}
