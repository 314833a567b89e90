// SPDX-License-Identifier: MIT
#include "base/pool.h"

#include <string.h>

/* The number of items that are allocated at a time. */
#define AT_ONCE 64u

/* The next free item: a free item begins with a pointer to it. */
static void *next_of(const void *item)
{
	void *next;

	memcpy(&next, item, sizeof(next));
	return next;
}

void pool_give(struct pool *p, void *item)
{
	if (!item)
		return;
	memcpy(item, &p->free, sizeof(p->free));
	p->free = item;
}

static void pool_grow(struct pool *p, struct arena *a)
{
	char *items = arena_alloc(a, AT_ONCE * p->size);

	for (size_t i = AT_ONCE; items && i-- > 0;)
		pool_give(p, items + i * p->size);
}

void *pool_take(struct pool *p, struct arena *a)
{
	void *item;

	if (!p->free)
		pool_grow(p, a);
	item = p->free;
	if (!item)
		return NULL;
	p->free = next_of(item);
	return memset(item, 0, p->size);
}
