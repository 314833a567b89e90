// SPDX-License-Identifier: MIT
#include "track/conns.h"

#include <assert.h>
#include <errno.h>

void conns_init(struct conns *s)
{
	*s = (struct conns){
		.by_id = {.key = CONN_KEY_SK},
		.by_cookie = {.key = CONN_KEY_COOKIE},
		.by_tuple = {.key = CONN_KEY_TUPLE},
		.tcp_info = {.size = sizeof(struct tcp_conn_info)},
		.cold = {.size = sizeof(struct tcp_conn_cold)},
		.openers = {.size = sizeof(struct owner)},
		.attempts = {.size = sizeof(struct tcp_conn_attempt)},
	};
}

void conns_done(struct conns *s)
{
	conn_index_done(&s->by_id);
	conn_index_done(&s->by_cookie);
	conn_index_done(&s->by_tuple);
	conn_store_done(&s->store);
	arena_done(&s->arena);
}

struct tcp_conn *conns_make(struct conns *s)
{
	struct tcp_conn *c = conn_store_take(&s->store);

	if (!c)
		return NULL;
	c->id = ++s->n_made;
	s->n_alive++;
	return c;
}

static void opener_free(struct conns *s, struct tcp_conn *c)
{
	if (!c->cold)
		return;
	pool_give(&s->openers, c->cold->opener);
	c->cold->opener = NULL;
}

void conns_free(struct conns *s, struct tcp_conn *c)
{
	assert(c->phase < CONN_CLOSED || c->phase == CONN_UNMATCHED); /* not in the queue */
	conns_drop_id(s, c);
	conns_drop_cookie(s, c);
	conns_drop_tuple(s, c);
	opener_free(s, c);
	if (c->cold)
		pool_give(&s->attempts, c->cold->attempt);
	pool_give(&s->cold, c->cold);
	pool_give(&s->tcp_info, c->tcp_info);
	conn_store_give(&s->store, c);
	s->n_alive--;
}

struct tcp_conn *conns_by_id(const struct conns *s, uint64_t sk)
{
	return conn_index_get(&s->by_id, &s->store, sk);
}

struct tcp_conn *conns_by_cookie(const struct conns *s, uint64_t cookie)
{
	return cookie ? conn_index_get(&s->by_cookie, &s->store, cookie) : NULL;
}

int conns_set_id(struct conns *s, struct tcp_conn *c, uint64_t sk)
{
	assert(sk);
	c->sk = sk;
	return conn_index_put(&s->by_id, &s->store, c);
}

int conns_set_cookie(struct conns *s, struct tcp_conn *c, uint64_t cookie)
{
	assert(cookie);
	c->cookie = cookie;
	return conn_index_put(&s->by_cookie, &s->store, c);
}

void conns_drop_id(struct conns *s, struct tcp_conn *c)
{
	if (c->sk)
		conn_index_del(&s->by_id, &s->store, c);
}

void conns_drop_cookie(struct conns *s, struct tcp_conn *c)
{
	if (c->cookie)
		conn_index_del(&s->by_cookie, &s->store, c);
}

static bool conn_is_between(const struct tcp_conn *c, const struct endpoint *local,
			    const struct endpoint *remote)
{
	return endpoint_equal(&c->local, local) && endpoint_equal(&c->remote, remote);
}

/* The first connection from c on that has these endpoints. A chain holds all connections whose
 * endpoints have the same hash. */
static struct tcp_conn *chain_first(const struct conns *s, struct tcp_conn *c,
				    const struct endpoint *local, const struct endpoint *remote)
{
	while (c && !conn_is_between(c, local, remote))
		c = conn_store_at(&s->store, c->same_tuple);
	return c;
}

struct tcp_conn *conns_by_tuple(const struct conns *s, const struct endpoint *local,
				const struct endpoint *remote)
{
	struct tcp_conn *c =
		conn_index_get(&s->by_tuple, &s->store, conn_tuple_hash(local, remote));

	return chain_first(s, c, local, remote);
}

struct tcp_conn *conns_same_tuple(const struct conns *s, const struct tcp_conn *c)
{
	struct tcp_conn *next = conn_store_at(&s->store, c->same_tuple);

	return chain_first(s, next, &c->local, &c->remote);
}

static struct tcp_conn *chain_of(const struct conns *s, const struct tcp_conn *c)
{
	return conn_index_get(&s->by_tuple, &s->store, conn_tuple_hash(&c->local, &c->remote));
}

int conns_set_tuple(struct conns *s, struct tcp_conn *c)
{
	const struct tcp_conn *head;
	int r;

	if (c->in_tuples)
		return 0;
	head = chain_of(s, c);
	r = conn_index_put(&s->by_tuple, &s->store, c);
	if (r < 0)
		return r;
	c->same_tuple = head ? conn_store_number(head) : 0;
	c->in_tuples = true;
	return 0;
}

void conns_drop_tuple(struct conns *s, struct tcp_conn *c)
{
	struct tcp_conn *at, *next = conn_store_at(&s->store, c->same_tuple);
	uint32_t number = conn_store_number(c);

	if (!c->in_tuples)
		return;
	c->in_tuples = false;
	at = chain_of(s, c);
	if (at == c) {
		if (next)
			conn_index_replace(&s->by_tuple, &s->store, c, next);
		else
			conn_index_del(&s->by_tuple, &s->store, c);
		return;
	}
	while (at && at->same_tuple != number)
		at = conn_store_at(&s->store, at->same_tuple);
	if (at)
		at->same_tuple = c->same_tuple;
}

struct tcp_conn_info *conns_tcp_info(struct conns *s, struct tcp_conn *c)
{
	if (!c->tcp_info)
		c->tcp_info = pool_take(&s->tcp_info, &s->arena);
	return c->tcp_info;
}

struct tcp_conn_cold *conns_cold(struct conns *s, struct tcp_conn *c)
{
	if (!c->cold)
		c->cold = pool_take(&s->cold, &s->arena);
	return c->cold;
}

struct tcp_conn_attempt *conns_attempt(struct conns *s, struct tcp_conn *c)
{
	struct tcp_conn_cold *cold = conns_cold(s, c);

	if (cold && !cold->attempt)
		cold->attempt = pool_take(&s->attempts, &s->arena);
	return cold ? cold->attempt : NULL;
}

static int opener_keep(struct conns *s, struct tcp_conn *c)
{
	struct tcp_conn_cold *cold = conns_cold(s, c);

	if (!cold)
		return -ENOMEM;
	if (!cold->opener) {
		cold->opener = pool_take(&s->openers, &s->arena);
		if (!cold->opener)
			return -ENOMEM;
		*cold->opener = c->owner;
	}
	return 0;
}

int conns_set_owner(struct conns *s, struct tcp_conn *c, const struct owner *owner)
{
	bool is_other = c->owner.pid != owner->pid || c->owner.comm != owner->comm;
	int r = c->opener_basis && is_other ? opener_keep(s, c) : 0;

	if (!r)
		c->owner = *owner;
	return r;
}

void conns_set_opener(struct conns *s, struct tcp_conn *c)
{
	opener_free(s, c);
	c->opener_basis = c->owner.basis;
}

void conns_each(const struct conns *s, void (*fn)(void *userdata, struct tcp_conn *c),
		void *userdata)
{
	for (size_t n = s->store.n_blocks; n-- > 0;) {
		struct conn_block *b = s->store.blocks[n];

		for (size_t i = 0; i < CONN_BLOCK; i++) {
			if (b->items[i].id)
				fn(userdata, &b->items[i]);
		}
	}
}
