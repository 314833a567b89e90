/* SPDX-License-Identifier: MIT */
/*
 * conns: the store of connections. It owns them, and finds them by socket id, by cookie and by both
 * endpoints. Not every connection can be found by all three: the rows of a socket table have no
 * socket id, most events have no cookie, and endpoints are entered only while a table comes.
 */
#pragma once

#include "base/pool.h"
#include "track/conn-index.h"

struct conns {
	struct conn_store store;
	struct conn_index by_id;
	struct conn_index by_cookie;
	struct conn_index by_tuple; /* to the first of a chain (same_tuple) */
	struct arena arena;	    /* of the pools */
	struct pool tcp_info, cold, openers;
	uint32_t n_made;  /* connections so far */
	uint32_t n_alive; /* connections now */
};

void conns_init(struct conns *s);
void conns_done(struct conns *s);

/* A new connection that has an id and nothing else. NULL: out of memory. */
struct tcp_conn *conns_make(struct conns *s);
/* Takes c out of all indexes and frees it. c must not be in the tracker's queue. */
void conns_free(struct conns *s, struct tcp_conn *c);

/* NULL: no connection has it. */
struct tcp_conn *conns_by_id(const struct conns *s, uint64_t sk);
struct tcp_conn *conns_by_cookie(const struct conns *s, uint64_t cookie);
/* The first connection with these endpoints, and the next one after c. NULL: none. */
struct tcp_conn *conns_by_tuple(const struct conns *s, const struct endpoint *local,
				const struct endpoint *remote);
struct tcp_conn *conns_same_tuple(const struct conns *s, const struct tcp_conn *c);

/* Each enters c, so that it can be found. A connection that had the same id or cookie is not found
 * any more. Neither sk nor cookie may be 0. 0 or -ENOMEM. */
int conns_set_id(struct conns *s, struct tcp_conn *c, uint64_t sk) MUST_CHECK;
int conns_set_cookie(struct conns *s, struct tcp_conn *c, uint64_t cookie) MUST_CHECK;
/* The endpoints of c must not change until conns_drop_tuple(). */
int conns_set_tuple(struct conns *s, struct tcp_conn *c) MUST_CHECK;
/* Each takes c out of one index. c keeps its id, cookie and endpoints, which may change after
 * that. */
void conns_drop_id(struct conns *s, struct tcp_conn *c);
void conns_drop_cookie(struct conns *s, struct tcp_conn *c);
void conns_drop_tuple(struct conns *s, struct tcp_conn *c);

/* The connection's parts that few connections have, to write to; made of zeros where c has none
 * yet. NULL: out of memory. */
struct tcp_conn_info *conns_tcp_info(struct conns *s, struct tcp_conn *c);
struct tcp_conn_cold *conns_cold(struct conns *s, struct tcp_conn *c);

/* c has this owner from now on; its opener stays. 0 or -ENOMEM. */
int conns_set_owner(struct conns *s, struct tcp_conn *c, const struct owner *owner) MUST_CHECK;
/* The owner of c is also the process that opened it. */
void conns_set_opener(struct conns *s, struct tcp_conn *c);

/* Calls fn for each connection, in no order. fn may free any connection, but not make one. */
void conns_each(const struct conns *s, void (*fn)(void *userdata, struct tcp_conn *c),
		void *userdata);
