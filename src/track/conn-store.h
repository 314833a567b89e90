/* SPDX-License-Identifier: MIT */
/*
 * conn-store: the memory of connections, in blocks of places. Each place has a number, and
 * connections refer to each other by these numbers, which take half the memory of pointers.
 */
#pragma once

#include <stddef.h>

#include "tcp/conn.h"

#define CONN_BLOCK 256u
/* All numbers of places are less than this. */
#define CONN_PLACES_MAX (1u << 21)

struct conn_block {
	uint32_t first; /* number of items[0] */
	struct tcp_conn items[CONN_BLOCK];
};

/* {0} is a valid empty store. */
struct conn_store {
	struct conn_block **blocks;
	size_t n_blocks, cap;
	uint32_t free; /* first free place of a list linked by tcp_conn.next; 0: none */
};

void conn_store_done(struct conn_store *s);
/* Takes a free place, whose connection is all zero. NULL: out of memory, or of numbers. */
struct tcp_conn *conn_store_take(struct conn_store *s);
/* Frees the place of c. A connection in a free place has id 0. */
void conn_store_give(struct conn_store *s, struct tcp_conn *c);

/* The number of the place that c is in: 1, 2, ... */
static inline uint32_t conn_store_number(const struct tcp_conn *c)
{
	const struct tcp_conn *items = c - c->place;
	const char *block = (const char *)items - offsetof(struct conn_block, items);

	return ((const struct conn_block *)block)->first + c->place;
}

/* The connection in the place with this number; NULL for number 0. */
static inline struct tcp_conn *conn_store_at(const struct conn_store *s, uint32_t number)
{
	uint32_t i = number - 1;

	return number ? &s->blocks[i / CONN_BLOCK]->items[i % CONN_BLOCK] : NULL;
}
