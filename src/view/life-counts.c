// SPDX-License-Identifier: MIT
/*
 * life --count and --group: a line for each way in which connections ended, or for each group of
 * connections.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cells/conn-cells.h"
#include "view/durations.h"
#include "view/life.h"

const char *const life_groups[CONN_BY_N] = {
	[LIFE_BY_ENDING] = "ending",	   [CONN_BY_PEER] = "peer", [CONN_BY_PROCESS] = "process",
	[CONN_BY_CONTAINER] = "container", [CONN_BY_PORT] = "port", [CONN_BY_LABEL] = "label",
};

static struct cell count_retrans(const void *at)
{
	const struct life_count *n = at;

	return cell_if(n->n_retrans, n->retrans);
}

static struct byte_cells count_bytes(const struct life_count *n)
{
	return byte_cells_of(n->n_bytes ? TCP_BYTES_IO : TCP_BYTES_UNKNOWN, n->tx_bytes,
			     n->rx_bytes);
}

/* The kinds of group as modes of the table. */
enum {
	ENDING = 1 << LIFE_BY_ENDING,
	PEER = 1 << CONN_BY_PEER,
	PROCESS = 1 << CONN_BY_PROCESS,
	CONTAINER = 1 << CONN_BY_CONTAINER,
	PORT = 1 << CONN_BY_PORT,
	LABEL = 1 << CONN_BY_LABEL,
};

#define COUNT(member) .at = offsetof(struct life_count, member), .is_right = true
#define KEY(member)   .at = offsetof(struct life_count, key.conn.member)
#define BYTES(member) .part = 1, .at = offsetof(struct byte_cells, member), .is_right = true
#define NS(getter)    (getter), .part = 2, .at = 0, .is_right = true
#define MS(getter)    NS(getter), .decimals = 2

static const struct view_column columns[] = {
	{"ended", "ENDED", COLUMN_ALL, 12, column_word, .at = offsetof(struct life_count, ended),
	 .only = ENDING},
	{"raddr", "RADDR", COLUMN_ALL, 15, column_addr, KEY(peer), .only = PEER},
	{"pid", "PID", COLUMN_ALL, 7, column_pid, KEY(pid), .only = PROCESS},
	{"comm", "COMM", COLUMN_ALL, 15, column_chars, .at = offsetof(struct life_count, comm),
	 .only = PROCESS},
	{"container", "CONTAINER", COLUMN_ALL, 12, column_str, KEY(container), .only = CONTAINER},
	{"unit", "UNIT", COLUMN_ALL, 15, column_str, KEY(unit), .only = CONTAINER},
	{"port", "PORT", COLUMN_ALL, 5, column_port, KEY(port), .only = PORT},
	{"rlabel", "LABEL", COLUMN_ALL, 15, column_str, KEY(label), .only = LABEL},
	{"connections", "CONNS", COLUMN_ALL, 8, column_u64, COUNT(n)},
	{"retrans", "RETR", COLUMN_ALL, 8, count_retrans, .is_right = true},
	{"tx_bytes", NULL, COLUMN_DATA, 0, column_cell, BYTES(tx)},
	{"rx_bytes", NULL, COLUMN_DATA, 0, column_cell, BYTES(rx)},
	{"tx_kb", "TX_KB", COLUMN_TEXT, 8, column_cell, BYTES(tx_kb)},
	{"rx_kb", "RX_KB", COLUMN_TEXT, 8, column_cell, BYTES(rx_kb)},
	{"mean_ns", NULL, COLUMN_DATA, 0, NS(durations_mean_ns)},
	{"p50_ns", NULL, COLUMN_DATA, 0, NS(durations_p50_ns)},
	{"p99_ns", NULL, COLUMN_DATA, 0, NS(durations_p99_ns)},
	{"max_ns", NULL, COLUMN_DATA, 0, NS(durations_max_ns)},
	/* A line of 80 characters has no room for it beside a container and a unit. */
	{"mean_ms", "MEAN_MS", COLUMN_TEXT, 8, MS(durations_mean_ms), .unless = CONTAINER},
	{"p50_ms", "P50_MS", COLUMN_TEXT, 8, MS(durations_p50_ms)},
	{"p99_ms", "P99_MS", COLUMN_TEXT, 8, MS(durations_p99_ms), .unless = CONTAINER},
	{"max_ms", "MAX_MS", COLUMN_TEXT, 8, MS(durations_max_ms)},
};

void life_counts_init(struct life_counts *l, enum conn_key_by by,
		      const struct view_context *context)
{
	*l = (struct life_counts){
		.by = by,
		.context = context,
		.groups = {.key_size = sizeof(struct life_key),
			   .item_size = sizeof(struct life_count)},
	};
}

void life_counts_done(struct life_counts *l)
{
	groups_done(&l->groups);
}

static struct life_key key_of(const struct life_counts *l, const struct tcp_conn *c)
{
	struct life_key key;

	memset(&key, 0, sizeof(key));
	if (l->by == LIFE_BY_ENDING)
		key.ending = c->ending;
	else
		key.conn = conn_key_of(l->by, c, l->context);
	return key;
}

static void count_take_comm(struct life_count *n, const char *comm)
{
	size_t len = comm ? strnlen(comm, sizeof(n->comm) - 1) : 0;

	if (!len)
		return;
	memset(n->comm, 0, sizeof(n->comm));
	memcpy(n->comm, comm, len);
}

int life_counts_add(struct life_counts *l, const struct tcp_conn *c)
{
	const struct life_key key = key_of(l, c);
	struct life_count *n = groups_get(&l->groups, &key);
	uint64_t ns, tx, rx;

	if (!n)
		return -ENOMEM;
	n->ended = l->by == LIFE_BY_ENDING ? tcp_ending_name(c->ending) : NULL;
	count_take_comm(n, c->owner.comm);
	n->n++;
	n->retrans += c->n_retrans;
	n->n_retrans += c->knows_retrans;
	if (tcp_conn_bytes(c, &tx, &rx)) {
		n->tx_bytes += tx;
		n->rx_bytes += rx;
		n->n_bytes++;
	}
	if (!tcp_conn_duration(c, &ns))
		return 0;
	if (!n->duration_ns)
		n->duration_ns = arena_alloc(&l->groups.arena, sizeof(*n->duration_ns));
	if (!n->duration_ns)
		return -ENOMEM;
	histogram_add(n->duration_ns, ns);
	return 0;
}

static int by_connections(const void *a, const void *b)
{
	const struct life_count *x = *(const struct life_count *const *)a;
	const struct life_count *y = *(const struct life_count *const *)b;

	if (x->key.ending != y->key.ending)
		return x->key.ending < y->key.ending ? -1 : 1;
	if (!x->ended && x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return conn_key_compare(&x->key.conn, &y->key.conn);
}

int life_counts_emit(struct life_counts *l, struct view_table *t, struct table_sink *out,
		     struct fault *fault)
{
	static const struct histogram none;
	void **items CLEANUP(free_p) = groups_sorted(&l->groups, by_connections);
	int r;

	if (!items)
		return fault_no_memory(fault);
	r = view_table_begin(t, columns, ARRAY_SIZE(columns), 1u << l->by, out, fault);
	for (size_t i = 0; !r && i < l->groups.n; i++) {
		const struct life_count *n = items[i];
		const struct byte_cells bytes = count_bytes(n);
		const struct histogram *h = n->duration_ns ? n->duration_ns : &none;

		r = view_table_row(t, (const void *[]){n, &bytes, h}, out, fault);
	}
	return r;
}
