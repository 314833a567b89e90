/* SPDX-License-Identifier: MIT */
/*
 * conn-index: a hash table that finds connections by a key. The key is part of the connection and
 * is not stored again: a slot of 4 bytes has the number of the connection's place and some bits of
 * the key's hash, so that a lookup hardly ever reads a connection with another key. Open
 * addressing, linear probing, no tombstones (deletion shifts back), at most 3/4 of the slots in
 * use. The key of a connection must not change while it is in the index.
 */
#pragma once

#include "base/cleanup.h"
#include "track/conn-store.h"

enum conn_key {
	CONN_KEY_SK,
	CONN_KEY_COOKIE,
	CONN_KEY_TUPLE, /* conn_tuple_hash() of the endpoints */
};

/* {.key = ...} is a valid empty index. */
struct conn_index {
	enum conn_key key;
	uint32_t *slots; /* 0: the slot is empty */
	uint32_t mask;	 /* number of slots - 1 */
	uint32_t n;	 /* slots in use */
};

void conn_index_done(struct conn_index *x);
/* The connection with this key, or NULL. */
struct tcp_conn *conn_index_get(const struct conn_index *x, const struct conn_store *s,
				uint64_t key);
/* Puts c into the index, in the place of a connection with the same key. 0 or -ENOMEM. */
int conn_index_put(struct conn_index *x, const struct conn_store *s,
		   const struct tcp_conn *c) MUST_CHECK;
/* Takes c out. Does nothing if the index has another connection, or none, under the key of c. */
void conn_index_del(struct conn_index *x, const struct conn_store *s, const struct tcp_conn *c);
/* Puts other, which has the key of c, in the place of c. Does nothing if the index has another
 * connection, or none, under that key. */
void conn_index_replace(struct conn_index *x, const struct conn_store *s, const struct tcp_conn *c,
			const struct tcp_conn *other);

uint64_t conn_tuple_hash(const struct endpoint *local, const struct endpoint *remote);
