// SPDX-License-Identifier: MIT
#include "track/conn-store.h"

#include <stdlib.h>

void conn_store_done(struct conn_store *s)
{
	for (uint32_t i = 0; i < s->n_blocks; i++)
		free(s->blocks[i]);
	free(s->blocks);
	*s = (struct conn_store){0};
}

/* The table of blocks is full whenever their number is a power of two. */
static bool reserve(struct conn_store *s)
{
	uint32_t n = s->n_blocks;
	struct conn_block **bigger;

	if (n & (n - 1))
		return true;
	bigger = realloc(s->blocks, (n ? n * 2 : 1) * sizeof(*bigger));
	if (!bigger)
		return false;
	s->blocks = bigger;
	return true;
}

static bool grow(struct conn_store *s)
{
	struct conn_block *b;

	if ((s->n_blocks + 1) * CONN_BLOCK >= CONN_PLACES_MAX || !reserve(s))
		return false;
	b = malloc(sizeof(*b));
	if (!b)
		return false;
	b->first = s->n_blocks * CONN_BLOCK + 1;
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

	if (!s->free && !grow(s))
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
