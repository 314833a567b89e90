/* SPDX-License-Identifier: MIT */
/*
 * conns: the store of connections: where each one lives, and how to find it by socket id, by
 * cookie, by both endpoints. Owns them. Not every one is known by all three: a table has no
 * socket ids, most events no cookie, and endpoints are entered only where somebody will look.
 */
#pragma once

#include "base/pool.h"
#include "track/conn-index.h"

struct conns {
	struct conn_store store;
	struct conn_index by_id;
	struct conn_index by_cookie;
	struct conn_index by_tuple; /* to the first of a chain (same_tuple) */
	struct arena arena;	    /* of what few have */
	struct pool tcp_info, rares, openers;
	uint32_t n_synthetic; /* ever */
	uint32_t n_alive;     /* now */
};

void conns_init(struct conns *s);
void conns_done(struct conns *s);

/* A new one, with nothing but its number. NULL: out of memory. */
struct tcp_conn *conns_make(struct conns *s);
/* Takes it out everywhere; the place is used again. */
void conns_free(struct conns *s, struct tcp_conn *c);

struct tcp_conn *conns_by_id(const struct conns *s, uint64_t sk);
struct tcp_conn *conns_by_cookie(const struct conns *s, uint64_t cookie);
/* The first with these endpoints, and the next one behind c; NULL: none. */
struct tcp_conn *conns_by_tuple(const struct conns *s, const struct endpoint *local,
				const struct endpoint *remote);
struct tcp_conn *conns_same_tuple(const struct conns *s, const struct tcp_conn *c);

/* Each makes it known; a later one with the same id or cookie takes its place. 0 or -ENOMEM. */
int conns_set_id(struct conns *s, struct tcp_conn *c, uint64_t sk) MUST_CHECK;
int conns_set_cookie(struct conns *s, struct tcp_conn *c, uint64_t cookie) MUST_CHECK;
/* Its endpoints do not change while it is entered. */
int conns_set_tuple(struct conns *s, struct tcp_conn *c) MUST_CHECK;
/* Its socket id belongs to nobody now. It keeps the number, for show. */
void conns_drop_id(struct conns *s, struct tcp_conn *c);
/* The same for its cookie and its endpoints, which may change then. */
void conns_drop_cookie(struct conns *s, struct tcp_conn *c);
void conns_drop_tuple(struct conns *s, struct tcp_conn *c);

/* Its figures, and what few have, to write to; zero at first. NULL: out of memory. */
struct tcp_conn_info *conns_tcp_info(struct conns *s, struct tcp_conn *c);
struct tcp_conn_cold *conns_cold(struct conns *s, struct tcp_conn *c);

/* It has another owner; its opener stays. 0 or -ENOMEM. */
int conns_set_owner(struct conns *s, struct tcp_conn *c, const struct owner *owner) MUST_CHECK;
/* Its owner is the one who opened it. */
void conns_set_opener(struct conns *s, struct tcp_conn *c);

/* Calls fn for each living one, in no order; fn may free any, but not make one. */
void conns_each(const struct conns *s, void (*fn)(void *userdata, struct tcp_conn *c),
		void *userdata);
