// SPDX-License-Identifier: MIT
/*
 * The orders that top has, and the columns of each kind of group.
 */
#include <stdlib.h>
#include <string.h>

#include "cells/conn-cells.h"
#include "view/top.h"

const char *const top_sorts[TOP_SORTS] = {
	[TOP_SORT_BYTES] = "bytes",	  [TOP_SORT_SENT] = "sent",
	[TOP_SORT_RECEIVED] = "received", [TOP_SORT_RETRANS] = "retrans",
	[TOP_SORT_RESETS] = "resets",	  [TOP_SORT_CONNECTS] = "connects",
};

static uint64_t top_weight(const struct top_sums *s, enum top_sort sort)
{
	switch (sort) {
	case TOP_SORT_SENT: return s->tx;
	case TOP_SORT_RECEIVED: return s->rx;
	case TOP_SORT_RETRANS: return s->retrans;
	case TOP_SORT_RESETS: return s->resets;
	case TOP_SORT_CONNECTS: return s->opened;
	default: return s->tx + s->rx;
	}
}

static int top_compare(const struct top_item *x, const struct top_item *y, enum top_sort sort)
{
	/* If two items are equal in the count that is sorted by, the other counts decide. */
	const enum top_sort order[] = {sort, TOP_SORT_BYTES, TOP_SORT_RETRANS, TOP_SORT_RESETS,
				       TOP_SORT_CONNECTS};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		uint64_t a = top_weight(&x->sums, order[i]), b = top_weight(&y->sums, order[i]);

		if (a != b)
			return a > b ? -1 : 1;
	}
	return conn_key_compare(&x->key, &y->key);
}

#define COMPARE(name, sort)                                                                        \
	static int name(const void *a, const void *b)                                              \
	{                                                                                          \
		return top_compare(*(struct top_item *const *)a, *(struct top_item *const *)b,     \
				   sort);                                                          \
	}
COMPARE(by_bytes, TOP_SORT_BYTES)
COMPARE(by_sent, TOP_SORT_SENT)
COMPARE(by_received, TOP_SORT_RECEIVED)
COMPARE(by_retrans, TOP_SORT_RETRANS)
COMPARE(by_resets, TOP_SORT_RESETS)
COMPARE(by_connects, TOP_SORT_CONNECTS)

struct top_item **top_sorted(const struct groups *g, enum top_sort sort)
{
	static int (*const compares[TOP_SORTS])(const void *, const void *) = {
		by_bytes, by_sent, by_received, by_retrans, by_resets, by_connects,
	};

	return (struct top_item **)groups_sorted(g, compares[sort]);
}

#define ITEM(member)	 .part = 1, .at = offsetof(struct top_item, member)
#define BYTES(member)	 .part = 2, .at = offsetof(struct byte_cells, member)
#define INTERVAL(member) .part = 3, .at = offsetof(struct top_interval, member)

enum { CONN = 1 << CONN_BY_ITSELF, PEER = 1 << CONN_BY_PEER, PORT = 1 << CONN_BY_PORT };
enum { CONTAINER = 1 << CONN_BY_CONTAINER, LABEL = 1 << CONN_BY_LABEL };
enum { OWNED = CONN | 1 << CONN_BY_PROCESS };

static const struct view_column columns[] = {
	{"time", NULL, COLUMN_DATA, 0, column_time, INTERVAL(start_ns)},
	{"ts_ns", NULL, COLUMN_DATA, 0, column_u64, INTERVAL(start_ns)},
	{"interval_ns", NULL, COLUMN_DATA, 0, column_u64, INTERVAL(length_ns)},
	{"pid", "PID", COLUMN_ALL, 5, column_pid, SUBJECT(pid), .only = OWNED},
	{"comm", "COMM", COLUMN_ALL, 8, column_chars, SUBJECT(comm), .only = OWNED},
	{"local", "LADDR", COLUMN_TEXT, 15, column_endpoint, SUBJECT(local), .only = CONN},
	{"remote", "RADDR", COLUMN_TEXT, 15, column_endpoint, SUBJECT(remote), .only = CONN},
	{"raddr", "RADDR", COLUMN_ALL, 39, column_addr, ITEM(key.peer), .only = PEER},
	{"container", "CONTAINER", COLUMN_ALL, 12, column_str, ITEM(key.container),
	 .only = CONTAINER},
	{"unit", "UNIT", COLUMN_ALL, 15, column_str, ITEM(key.unit), .only = CONTAINER},
	{"port", "PORT", COLUMN_ALL, 5, column_port, ITEM(key.port), .only = PORT},
	{"rlabel", "LABEL", COLUMN_ALL, 20, column_str, ITEM(key.label), .only = LABEL},
	{"laddr", NULL, COLUMN_DATA, 0, column_addr, SUBJECT(local.addr), .only = CONN},
	{"lport", NULL, COLUMN_DATA, 0, column_port, SUBJECT(local.port), .only = CONN},
	{"raddr", NULL, COLUMN_DATA, 0, column_addr, SUBJECT(remote.addr), .only = CONN},
	{"rport", NULL, COLUMN_DATA, 0, column_port, SUBJECT(remote.port), .only = CONN},
	{"sk", NULL, COLUMN_DATA, 0, column_some_hex, SUBJECT(sk), .only = CONN},
	{"owner", NULL, COLUMN_DATA, 0, column_word, SUBJECT(owner), .only = CONN},
	{"rx_kb", "RX_KB", COLUMN_TEXT, 6, column_cell, BYTES(rx_kb), .is_right = true},
	{"tx_kb", "TX_KB", COLUMN_TEXT, 6, column_cell, BYTES(tx_kb), .is_right = true},
	{"rx_bytes", NULL, COLUMN_DATA, 0, column_cell, BYTES(rx)},
	{"tx_bytes", NULL, COLUMN_DATA, 0, column_cell, BYTES(tx)},
	{"retrans", "RETR", COLUMN_ALL, 4, column_u64, ITEM(sums.retrans), .is_right = true},
	{"resets", "RST", COLUMN_ALL, 4, column_u64, ITEM(sums.resets), .is_right = true},
	/* Rows of single connections lack these two: each opens and closes once, and a line of 80
	 * characters has no room for them. */
	{"opened", "NEW", COLUMN_ALL, 4, column_u64, ITEM(sums.opened), .is_right = true,
	 .unless = CONN},
	{"closed", "END", COLUMN_ALL, 4, column_u64, ITEM(sums.closed), .is_right = true,
	 .unless = CONN},
	{"mptcp_subflow", NULL, COLUMN_DATA, 0, column_word, ITEM(subflow), .only = CONN},
	{"mptcp_token", NULL, COLUMN_DATA, 0, column_some_hex, ITEM(mptcp_token), .only = CONN},
};

int top_begin(struct view_table *t, enum conn_key_by group, struct table_sink *out,
	      struct fault *fault)
{
	return view_table_begin(t, columns, ARRAY_SIZE(columns), 1u << group, out, fault);
}

int top_put(struct view_table *t, const struct top_item *item, const struct top_interval *i,
	    struct table_sink *out, struct fault *fault)
{
	const struct top_sums *s = &item->sums;
	/* Where no call moved a byte, another way may have: that is not known, and not 0. */
	const struct byte_cells bytes = {
		.tx = cell_some(s->tx),
		.rx = cell_some(s->rx),
		.tx_kb = cell_if(s->tx, s->tx / 1024),
		.rx_kb = cell_if(s->rx, s->rx / 1024),
	};

	return view_table_row(t, (const void *[]){&item->subject, item, &bytes, i}, out, fault);
}
