// SPDX-License-Identifier: MIT
#include "tcp/conns.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define BLOCK 256u

struct conn_block {
	struct conn_block *next;
	struct tcp_conn items[BLOCK];
};

void conns_done(struct conns *s)
{
	map_done(&s->by_id);
	map_done(&s->by_cookie);
	map_done(&s->by_tuple);
	arena_done(&s->arena);
	*s = (struct conns){0};
}

static bool grow(struct conns *s)
{
	struct conn_block *b = arena_alloc(&s->arena, sizeof(*b));

	if (!b)
		return false;
	b->next = s->blocks;
	s->blocks = b;
	for (size_t i = BLOCK; i-- > 0;) {
		b->items[i].next = s->free;
		s->free = &b->items[i];
	}
	return true;
}

struct tcp_conn *conns_make(struct conns *s)
{
	struct tcp_conn *c;

	if (!s->free && !grow(s))
		return NULL;
	c = s->free;
	s->free = c->next;
	*c = (struct tcp_conn){.id = ++s->n_made};
	s->n_alive++;
	return c;
}

static struct tcp_conn *pointer(const uint64_t *place)
{
	return place ? (struct tcp_conn *)(uintptr_t)*place : NULL;
}

static int put(struct map *m, uint64_t key, struct tcp_conn *c)
{
	uint64_t *place = map_put(m, key, NULL);

	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)c;
	return 0;
}

void conns_free(struct conns *s, struct tcp_conn *c)
{
	assert(!c->is_queued);
	conns_drop_id(s, c);
	if (c->cookie && conns_by_cookie(s, c->cookie) == c)
		map_del(&s->by_cookie, c->cookie);
	conns_drop_tuple(s, c);
	c->id = 0; /* not in use */
	c->next = s->free;
	s->free = c;
	s->n_alive--;
}

struct tcp_conn *conns_by_id(const struct conns *s, uint64_t sk)
{
	return pointer(map_get(&s->by_id, sk));
}

struct tcp_conn *conns_by_cookie(const struct conns *s, uint64_t cookie)
{
	return cookie ? pointer(map_get(&s->by_cookie, cookie)) : NULL;
}

int conns_set_id(struct conns *s, struct tcp_conn *c, uint64_t sk)
{
	c->sk = sk;
	return put(&s->by_id, sk, c);
}

int conns_set_cookie(struct conns *s, struct tcp_conn *c, uint64_t cookie)
{
	c->cookie = cookie;
	return put(&s->by_cookie, cookie, c);
}

void conns_drop_id(struct conns *s, struct tcp_conn *c)
{
	if (c->sk && conns_by_id(s, c->sk) == c)
		map_del(&s->by_id, c->sk);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32;
}

static uint64_t hash_endpoint(uint64_t h, const struct endpoint *e)
{
	uint64_t words[2];

	memcpy(words, e->addr.bytes, sizeof(words));
	return mix(mix(mix(h, words[0]), words[1]), e->port | (uint64_t)e->addr.family << 16);
}

static uint64_t hash_tuple(const struct endpoint *local, const struct endpoint *remote)
{
	return hash_endpoint(hash_endpoint(1, local), remote);
}

static bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && ip_addr_equal(&a->addr, &b->addr);
}

static bool is_between(const struct tcp_conn *c, const struct endpoint *local,
		       const struct endpoint *remote)
{
	return endpoint_equal(&c->local, local) && endpoint_equal(&c->remote, remote);
}

struct tcp_conn *conns_by_tuple(const struct conns *s, const struct endpoint *local,
				const struct endpoint *remote)
{
	struct tcp_conn *c = pointer(map_get(&s->by_tuple, hash_tuple(local, remote)));

	/* Others may have come into the chain by their hash. */
	while (c && !is_between(c, local, remote))
		c = c->same_tuple;
	return c;
}

struct tcp_conn *conns_same_tuple(const struct tcp_conn *c)
{
	struct tcp_conn *n = c->same_tuple;

	while (n && !is_between(n, &c->local, &c->remote))
		n = n->same_tuple;
	return n;
}

int conns_set_tuple(struct conns *s, struct tcp_conn *c)
{
	uint64_t *place;

	if (c->in_tuples)
		return 0;
	place = map_put(&s->by_tuple, hash_tuple(&c->local, &c->remote), NULL);
	if (!place)
		return -ENOMEM;
	c->same_tuple = (struct tcp_conn *)(uintptr_t)*place;
	*place = (uintptr_t)c;
	c->in_tuples = true;
	return 0;
}

void conns_drop_tuple(struct conns *s, struct tcp_conn *c)
{
	uint64_t key = hash_tuple(&c->local, &c->remote), *place;
	struct tcp_conn *at;

	if (!c->in_tuples)
		return;
	c->in_tuples = false;
	place = map_get(&s->by_tuple, key);
	at = pointer(place);
	if (at == c && !c->same_tuple) {
		map_del(&s->by_tuple, key);
		return;
	}
	if (at == c) {
		*place = (uintptr_t)c->same_tuple;
		return;
	}
	while (at && at->same_tuple != c)
		at = at->same_tuple;
	if (at)
		at->same_tuple = c->same_tuple;
}

void conns_each(const struct conns *s, void (*fn)(void *userdata, struct tcp_conn *c),
		void *userdata)
{
	for (struct conn_block *b = s->blocks; b; b = b->next) {
		for (size_t i = 0; i < BLOCK; i++) {
			if (b->items[i].id)
				fn(userdata, &b->items[i]);
		}
	}
}
