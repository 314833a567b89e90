/* SPDX-License-Identifier: MIT */
/*
 * conn-index: finds connections by a key that is part of the connection, and therefore not kept
 * here: a slot has 4 bytes, the number of the connection's place and some bits of the key's hash,
 * so that hardly ever a connection with another key is looked at. Open addressing, linear probing,
 * no tombstones (deletion shifts back), at most 3/4 of the slots in use. The key of a connection
 * must not change while it is in the index.
 */
#pragma once

#include "base/cleanup.h"
#include "track/conn-store.h"

enum conn_key {
	CONN_KEY_SK,
	CONN_KEY_COOKIE,
	CONN_KEY_TUPLE, /* conn_tuple_hash of its endpoints */
};

/* {.key = ...} is a valid empty one. */
struct conn_index {
	enum conn_key key;
	uint32_t *slots; /* 0: empty */
	uint32_t mask;	 /* slots - 1 */
	uint32_t n;
};

void conn_index_done(struct conn_index *x);
/* NULL: none. */
struct tcp_conn *conn_index_get(const struct conn_index *x, const struct conn_store *s,
				uint64_t key);
/* Puts c in. A connection with the same key that was in the index is not found any more. 0 or
 * -ENOMEM. */
int conn_index_put(struct conn_index *x, const struct conn_store *s,
		   const struct tcp_conn *c) MUST_CHECK;
/* Takes c out, if it is c that is found by its key. */
void conn_index_del(struct conn_index *x, const struct conn_store *s, const struct tcp_conn *c);
/* Puts other, which has the same key, in the place of c, if it is c that is found by that key. */
void conn_index_replace(struct conn_index *x, const struct conn_store *s, const struct tcp_conn *c,
			const struct tcp_conn *other);

uint64_t conn_tuple_hash(const struct endpoint *local, const struct endpoint *remote);
