// SPDX-License-Identifier: MIT
/*
 * What top can group by and sort by, and the columns of each.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cells/conn-cells.h"
#include "view/top.h"

const char *const top_groups[TOP_GROUPS] = {
	[TOP_BY_CONN] = "conn",
	[TOP_BY_PEER] = "peer",
	[TOP_BY_PROCESS] = "process",
	[TOP_BY_PORT] = "port",
};

const char *const top_sorts[TOP_SORTS] = {
	[TOP_SORT_BYTES] = "bytes",	  [TOP_SORT_SENT] = "sent",
	[TOP_SORT_RECEIVED] = "received", [TOP_SORT_RETRANS] = "retrans",
	[TOP_SORT_RESETS] = "resets",	  [TOP_SORT_CONNECTS] = "connects",
};

static uint16_t service_port(const struct tcp_conn *c)
{
	uint16_t l = c->local.port, r = c->remote.port;

	return !l || !r ? l | r : l < r ? l : r;
}

struct top_key top_key_of(enum top_group group, const struct tcp_conn *c)
{
	struct top_key key;

	memset(&key, 0, sizeof(key));
	switch (group) {
	case TOP_BY_PEER:
		key.peer.family = c->remote.addr.family;
		memcpy(key.peer.bytes, c->remote.addr.bytes, sizeof(key.peer.bytes));
		break;
	case TOP_BY_PROCESS: key.pid = c->owner.pid; break;
	case TOP_BY_PORT: key.port = service_port(c); break;
	default: key.conn = c->id;
	}
	return key;
}

static uint64_t weight(const struct top_sums *s, enum top_sort sort)
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

static int compare(const struct top_item *x, const struct top_item *y, enum top_sort sort)
{
	/* Where that is equal, what else may be of interest. */
	const enum top_sort order[] = {sort, TOP_SORT_BYTES, TOP_SORT_RETRANS, TOP_SORT_RESETS,
				       TOP_SORT_CONNECTS};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		uint64_t a = weight(&x->sums, order[i]), b = weight(&y->sums, order[i]);

		if (a != b)
			return a > b ? -1 : 1;
	}
	return memcmp(&x->key, &y->key, sizeof(x->key));
}

#define COMPARE(name, sort)                                                                        \
	static int name(const void *a, const void *b)                                              \
	{                                                                                          \
		return compare(*(struct top_item *const *)a, *(struct top_item *const *)b, sort);  \
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

enum {
	COL_TIME,
	COL_TS,
	COL_INTERVAL,
	COL_PID,
	COL_COMM,
	COL_LOCAL,
	COL_REMOTE,
	COL_PEER,
	COL_PORT,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_SK,
	COL_OWNER,
	COL_RX_KB,
	COL_TX_KB,
	COL_RX,
	COL_TX,
	COL_RETRANS,
	COL_RESETS,
	COL_OPENED,
	COL_CLOSED,
	COL_N,
};

#define COUNT(k, h)                                                                                \
	{                                                                                          \
		.key = (k), .head = (h), .where = COLUMN_ALL, .width = 4, .is_right = true         \
	}

static const struct column columns[COL_N] = {
	[COL_TIME] = {.key = "time", .where = COLUMN_DATA},
	[COL_TS] = {.key = "ts_ns", .where = COLUMN_DATA},
	[COL_INTERVAL] = {.key = "interval_ns", .where = COLUMN_DATA},
	[COL_PID] = {.key = "pid", .head = "PID", .width = 5},
	[COL_COMM] = {.key = "comm", .head = "COMM", .width = 8},
	[COL_LOCAL] = {.key = "local", .head = "LADDR", .width = 15},
	[COL_REMOTE] = {.key = "remote", .head = "RADDR", .width = 15},
	[COL_PEER] = {.key = "raddr", .head = "RADDR", .width = 39},
	[COL_PORT] = {.key = "port", .head = "PORT", .width = 5},
	[COL_LADDR] = {.key = "laddr"},
	[COL_LPORT] = {.key = "lport"},
	[COL_RADDR] = {.key = "raddr"},
	[COL_RPORT] = {.key = "rport"},
	[COL_SK] = {.key = "sk"},
	[COL_OWNER] = {.key = "owner"},
	[COL_RX_KB] = {.key = "rx_kb",
		       .head = "RX_KB",
		       .where = COLUMN_TEXT,
		       .width = 6,
		       .is_right = true},
	[COL_TX_KB] = {.key = "tx_kb",
		       .head = "TX_KB",
		       .where = COLUMN_TEXT,
		       .width = 6,
		       .is_right = true},
	[COL_RX] = {.key = "rx_bytes", .where = COLUMN_DATA},
	[COL_TX] = {.key = "tx_bytes", .where = COLUMN_DATA},
	[COL_RETRANS] = COUNT("retrans", "RETR"),
	[COL_RESETS] = COUNT("resets", "RST"),
	[COL_OPENED] = COUNT("opened", "NEW"),
	[COL_CLOSED] = COUNT("closed", "END"),
};

size_t top_columns(enum top_group group, struct column *ret)
{
	static const uint8_t data[] = {COL_LADDR, COL_LPORT, COL_RADDR,
				       COL_RPORT, COL_SK,    COL_OWNER};

	static_assert(COL_N <= TOP_COLUMNS_MAX, "columns");
	memcpy(ret, columns, sizeof(columns));
	if (group == TOP_BY_CONN || group == TOP_BY_PROCESS)
		ret[COL_PID].where = ret[COL_COMM].where = COLUMN_ALL;
	if (group == TOP_BY_CONN) {
		ret[COL_LOCAL].where = ret[COL_REMOTE].where = COLUMN_TEXT;
		for (size_t i = 0; i < sizeof(data); i++)
			ret[data[i]].where = COLUMN_DATA;
		/* A line of 80 has no room for it; a connection is new once. */
		ret[COL_OPENED].where = ret[COL_CLOSED].where = COLUMN_DATA;
		ret[COL_OPENED].head = ret[COL_CLOSED].head = NULL;
	}
	if (group == TOP_BY_PEER)
		ret[COL_PEER].where = COLUMN_ALL;
	if (group == TOP_BY_PORT)
		ret[COL_PORT].where = COLUMN_ALL;
	return COL_N;
}

int top_put(enum top_group group, const struct top_item *item, const struct top_interval *i,
	    struct table_sink *out, struct fault *fault)
{
	const struct top_sums *s = &item->sums;
	const struct cell cells[COL_N] = {
		[COL_TIME] = cell_time(i->start_ns),
		[COL_TS] = cell_u64(i->start_ns),
		[COL_INTERVAL] = cell_u64(i->length_ns),
		[COL_PID] = cell_pid(item->pid),
		[COL_COMM] = item->comm[0] ? cell_str(item->comm) : cell_absent(),
		[COL_LOCAL] = cell_endpoint(&item->local),
		[COL_REMOTE] = cell_endpoint(&item->remote),
		[COL_PEER] = cell_addr(&item->key.peer),
		[COL_PORT] = cell_port(item->key.port),
		[COL_LADDR] = cell_addr(&item->local.addr),
		[COL_LPORT] = cell_port(item->local.port),
		[COL_RADDR] = cell_addr(&item->remote.addr),
		[COL_RPORT] = cell_port(item->remote.port),
		[COL_SK] = item->sk ? cell_hex(item->sk) : cell_absent(),
		[COL_OWNER] = cell_str(item->owner),
		[COL_RX_KB] = cell_if(i->has_bytes, s->rx / 1024),
		[COL_TX_KB] = cell_if(i->has_bytes, s->tx / 1024),
		[COL_RX] = cell_if(i->has_bytes, s->rx),
		[COL_TX] = cell_if(i->has_bytes, s->tx),
		[COL_RETRANS] = cell_u64(s->retrans),
		[COL_RESETS] = cell_u64(s->resets),
		[COL_OPENED] = cell_u64(s->opened),
		[COL_CLOSED] = cell_u64(s->closed),
	};

	return table_row(out, cells, fault);
}
