/* SPDX-License-Identifier: MIT */
/*
 * conn-store: the memory of connections, in blocks. A place has a number, and connections refer to
 * each other by the number of the place: half the memory of pointers.
 */
#pragma once

#include <stddef.h>

#include "tcp/conn.h"

#define CONN_BLOCK 256u
/* Numbers of places are less than this. */
#define CONN_PLACES_MAX (1u << 21)

struct conn_block {
	uint32_t first; /* number of items[0] */
	struct tcp_conn items[CONN_BLOCK];
};

/* {0} is a valid empty one. */
struct conn_store {
	struct conn_block **blocks;
	size_t n_blocks, cap;
	uint32_t free; /* number of a free place, whose tcp_conn.next is the next one's; 0: none */
};

void conn_store_done(struct conn_store *s);
/* A place, all zeros. NULL: out of memory, or of numbers. */
struct tcp_conn *conn_store_take(struct conn_store *s);
/* Frees the place of c, which has id 0 then. */
void conn_store_give(struct conn_store *s, struct tcp_conn *c);

/* The number of a place, 1, 2, ... */
static inline uint32_t conn_store_number(const struct tcp_conn *c)
{
	const struct tcp_conn *items = c - c->place;
	const char *block = (const char *)items - offsetof(struct conn_block, items);

	return ((const struct conn_block *)block)->first + c->place;
}

/* NULL for number 0. */
static inline struct tcp_conn *conn_store_at(const struct conn_store *s, uint32_t number)
{
	uint32_t i = number - 1;

	return number ? &s->blocks[i / CONN_BLOCK]->items[i % CONN_BLOCK] : NULL;
}
