// SPDX-License-Identifier: MIT
#include "track/conn-store.h"

#include <stdlib.h>

#include "base/vec.h"

void conn_store_done(struct conn_store *s)
{
	for (size_t i = 0; i < s->n_blocks; i++)
		free(s->blocks[i]);
	free(s->blocks);
	*s = (struct conn_store){0};
}

static bool conn_store_grow(struct conn_store *s)
{
	struct conn_block *b;

	if ((s->n_blocks + 1) * CONN_BLOCK >= CONN_PLACES_MAX ||
	    vec_reserve(s->blocks, s->cap, s->n_blocks + 1) < 0)
		return false;
	b = malloc(sizeof(*b));
	if (!b)
		return false;
	b->first = (uint32_t)s->n_blocks * CONN_BLOCK + 1;
	s->blocks[s->n_blocks++] = b;
	for (uint32_t i = CONN_BLOCK; i-- > 0;) {
		b->items[i] = (struct tcp_conn){.place = (uint8_t)i, .next = s->free};
		s->free = b->first + i;
	}
	return true;
}

struct tcp_conn *conn_store_take(struct conn_store *s)
{
	struct tcp_conn *c;

	if (!s->free && !conn_store_grow(s))
		return NULL;
	c = conn_store_at(s, s->free);
	s->free = c->next;
	*c = (struct tcp_conn){.place = c->place};
	return c;
}

void conn_store_give(struct conn_store *s, struct tcp_conn *c)
{
	c->id = 0;
	c->next = s->free;
	s->free = conn_store_number(c);
}
