/* SPDX-License-Identifier: MIT */
/*
 * conns: the connections of a tracker. It owns them and finds them by socket id, by cookie and by
 * their two endpoints. Not every connection can be found by all three keys: the rows of a socket
 * table have no socket id, most events have no cookie, and the index of endpoints is used only
 * while the rows of a table come, and for half-open connections.
 */
#pragma once

#include "base/pool.h"
#include "track/conn-index.h"

struct conns {
	struct conn_store store;
	struct conn_index by_id;
	struct conn_index by_cookie;
	struct conn_index by_tuple; /* finds the first of a chain linked by tcp_conn.same_tuple */
	struct arena arena;	    /* memory of the pools */
	struct pool tcp_info, cold, openers, attempts;
	uint32_t n_made;  /* connections made so far */
	uint32_t n_alive; /* connections that have not been freed */
};

void conns_init(struct conns *s);
void conns_done(struct conns *s);

/* Makes a connection, whose id is set and all else zero. NULL: out of memory. */
struct tcp_conn *conns_make(struct conns *s);
/* Takes c out of all indexes and frees it. c must not be in the tracker's queue. */
void conns_free(struct conns *s, struct tcp_conn *c);

/* The connection that was entered under the key last. NULL: there is none. */
struct tcp_conn *conns_by_id(const struct conns *s, uint64_t sk);
struct tcp_conn *conns_by_cookie(const struct conns *s, uint64_t cookie);
/* The first connection with these endpoints, and the next one after c. NULL: there is none. */
struct tcp_conn *conns_by_tuple(const struct conns *s, const struct endpoint *local,
				const struct endpoint *remote);
struct tcp_conn *conns_same_tuple(const struct conns *s, const struct tcp_conn *c);

/* Each of these enters c into one index. A connection that had the same sk or cookie cannot be
 * found by it any more. Neither sk nor cookie may be 0. 0 or -ENOMEM. */
int conns_set_id(struct conns *s, struct tcp_conn *c, uint64_t sk) MUST_CHECK;
int conns_set_cookie(struct conns *s, struct tcp_conn *c, uint64_t cookie) MUST_CHECK;
/* The endpoints of c must not change until conns_drop_tuple(). */
int conns_set_tuple(struct conns *s, struct tcp_conn *c) MUST_CHECK;
/* Each of these takes c out of one index. c keeps its sk, cookie and endpoints, which may change
 * after that. */
void conns_drop_id(struct conns *s, struct tcp_conn *c);
void conns_drop_cookie(struct conns *s, struct tcp_conn *c);
void conns_drop_tuple(struct conns *s, struct tcp_conn *c);

/* The tcp_info, the cold part and the attempt of c, for writing. Where c has none yet, a part of
 * zeros is made. NULL: out of memory. */
struct tcp_conn_info *conns_tcp_info(struct conns *s, struct tcp_conn *c);
struct tcp_conn_cold *conns_cold(struct conns *s, struct tcp_conn *c);
struct tcp_conn_attempt *conns_attempt(struct conns *s, struct tcp_conn *c);

/* Sets the owner of c; its opener stays the same. 0 or -ENOMEM. */
int conns_set_owner(struct conns *s, struct tcp_conn *c, const struct owner *owner) MUST_CHECK;
/* Makes the owner of c its opener, too. */
void conns_set_opener(struct conns *s, struct tcp_conn *c);

/* Calls fn for each connection, in no particular order. fn may free connections, but not make
 * them. */
void conns_each(const struct conns *s, void (*fn)(void *userdata, struct tcp_conn *c),
		void *userdata);
