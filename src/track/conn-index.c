// SPDX-License-Identifier: MIT
#include "track/conn-index.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MASK (CONN_PLACES_MAX - 1)
#define FIRST_SLOTS 64u

uint64_t conn_tuple_hash(const struct endpoint *local, const struct endpoint *remote)
{
	return endpoint_hash(endpoint_hash(1, local), remote);
}

/* Not inlined, so that the code of lookups by socket id, one for each event, stays small. */
static __attribute__((noinline)) uint64_t tuple_of(const struct tcp_conn *c)
{
	return conn_tuple_hash(&c->local, &c->remote);
}

static inline uint64_t key_of(const struct conn_index *x, const struct tcp_conn *c)
{
	switch (x->key) {
	case CONN_KEY_SK: return c->sk;
	case CONN_KEY_COOKIE: return c->cookie;
	case CONN_KEY_TUPLE: break;
	}
	return tuple_of(c);
}

/* The hash of a key. Its low bits choose the slot; its bits above NUMBER_MASK are stored in it. */
static inline uint32_t hash_of(uint64_t key)
{
	return (uint32_t)(((key ^ key >> 32) * 0x9e3779b97f4a7c15ULL) >> 32);
}

void conn_index_done(struct conn_index *x)
{
	free(x->slots);
	*x = (struct conn_index){.key = x->key};
}

/* The slot that has the key, or the empty slot where it would go. */
static uint32_t index_find(const struct conn_index *x, const struct conn_store *s, uint64_t key)
{
	uint32_t hash = hash_of(key), tag = hash & ~NUMBER_MASK;

	for (uint32_t i = hash & x->mask;; i = (i + 1) & x->mask) {
		uint32_t slot = x->slots[i];

		if (!slot || ((slot & ~NUMBER_MASK) == tag &&
			      key_of(x, conn_store_at(s, slot & NUMBER_MASK)) == key))
			return i;
	}
}

struct tcp_conn *conn_index_get(const struct conn_index *x, const struct conn_store *s,
				uint64_t key)
{
	if (!x->slots)
		return NULL;
	return conn_store_at(s, x->slots[index_find(x, s, key)] & NUMBER_MASK);
}

static uint32_t slot_home(const struct conn_index *x, const struct conn_store *s, uint32_t slot)
{
	return hash_of(key_of(x, conn_store_at(s, slot & NUMBER_MASK))) & x->mask;
}

static bool index_grow(struct conn_index *x, const struct conn_store *s)
{
	uint32_t slots = x->slots ? (x->mask + 1) * 2 : FIRST_SLOTS;
	struct conn_index bigger = {.key = x->key, .mask = slots - 1, .n = x->n};

	bigger.slots = calloc(slots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (uint32_t i = 0; x->slots && i <= x->mask; i++) {
		uint32_t j;

		if (!x->slots[i])
			continue;
		j = slot_home(&bigger, s, x->slots[i]);
		while (bigger.slots[j])
			j = (j + 1) & bigger.mask;
		bigger.slots[j] = x->slots[i];
	}
	free(x->slots);
	*x = bigger;
	return true;
}

int conn_index_put(struct conn_index *x, const struct conn_store *s, const struct tcp_conn *c)
{
	uint64_t key = key_of(x, c);
	uint32_t i;

	if ((!x->slots || (x->n + 1) * 4 > (x->mask + 1) * 3) && !index_grow(x, s))
		return -ENOMEM;
	assert(x->slots);
	i = index_find(x, s, key);
	x->n += !x->slots[i];
	x->slots[i] = conn_store_number(c) | (hash_of(key) & ~NUMBER_MASK);
	return 0;
}

/* Finds the slot of c. False: the index has another connection, or none, under its key. */
static bool conn_slot(const struct conn_index *x, const struct conn_store *s,
		      const struct tcp_conn *c, uint32_t *ret)
{
	if (!x->slots)
		return false;
	*ret = index_find(x, s, key_of(x, c));
	return (x->slots[*ret] & NUMBER_MASK) == conn_store_number(c);
}

void conn_index_replace(struct conn_index *x, const struct conn_store *s, const struct tcp_conn *c,
			const struct tcp_conn *other)
{
	uint32_t i;

	if (conn_slot(x, s, c, &i))
		x->slots[i] = conn_store_number(other) | (x->slots[i] & ~NUMBER_MASK);
}

void conn_index_del(struct conn_index *x, const struct conn_store *s, const struct tcp_conn *c)
{
	uint32_t hole, i;

	if (!conn_slot(x, s, c, &hole))
		return;
	for (i = (hole + 1) & x->mask; x->slots[i]; i = (i + 1) & x->mask) {
		/* A connection moves back into the hole, unless its home is in (hole, i]: before
		 * its home a lookup would not find it. */
		if (((i - slot_home(x, s, x->slots[i])) & x->mask) < ((i - hole) & x->mask))
			continue;
		x->slots[hole] = x->slots[i];
		hole = i;
	}
	x->slots[hole] = 0;
	x->n--;
}
