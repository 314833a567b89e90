// SPDX-License-Identifier: MIT
#include "base/groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* An item and the links in front of it. */
struct group_link {
	struct group_link *same_hash; /* next item whose key has the same hash */
	struct group_link *before;    /* the item that was made before this one */
	_Alignas(16) char item[];
};

void groups_done(struct groups *g)
{
	map_done(&g->by_hash);
	arena_done(&g->arena);
	*g = (struct groups){.key_size = g->key_size, .item_size = g->item_size};
}

static uint64_t key_hash(const void *key, size_t size)
{
	const char *at = key;
	uint64_t h = size, word;

	for (; size >= sizeof(word); at += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		h = hash_mix(h, word);
	}
	if (!size)
		return h;
	word = 0;
	memcpy(&word, at, size);
	return hash_mix(h, word);
}

/* The item with this key in the chain that begins with l, or NULL. */
static void *chain_find(const struct groups *g, struct group_link *l, const void *key)
{
	while (l && memcmp(l->item, key, g->key_size))
		l = l->same_hash;
	return l ? l->item : NULL;
}

void *groups_find(const struct groups *g, const void *key)
{
	uint64_t *place = map_get(&g->by_hash, key_hash(key, g->key_size));

	return place ? chain_find(g, (struct group_link *)(uintptr_t)*place, key) : NULL;
}

void *groups_get(struct groups *g, const void *key)
{
	uint64_t *place = map_put(&g->by_hash, key_hash(key, g->key_size), NULL);
	struct group_link *l;
	void *item;

	if (!place)
		return NULL;
	item = chain_find(g, (struct group_link *)(uintptr_t)*place, key);
	if (item)
		return item;
	l = arena_alloc(&g->arena, sizeof(*l) + g->item_size);
	if (!l)
		return NULL;
	memcpy(l->item, key, g->key_size);
	l->same_hash = (struct group_link *)(uintptr_t)*place;
	l->before = g->last;
	g->last = l;
	*place = (uintptr_t)l;
	g->n++;
	return l->item;
}

void *groups_get_up_to(struct groups *g, const void *key, size_t max, int *ret_error)
{
	bool has_room = g->n < max;
	void *item = has_room ? groups_get(g, key) : groups_find(g, key);

	*ret_error = item || !has_room ? 0 : -ENOMEM;
	return item;
}

void **groups_sorted(const struct groups *g, int (*compare)(const void *, const void *))
{
	void **items = malloc((g->n + 1) * sizeof(*items));
	size_t n = g->n;

	if (!items)
		return NULL;
	for (struct group_link *l = g->last; l; l = l->before)
		items[--n] = l->item;
	qsort(items, g->n, sizeof(*items), compare);
	return items;
}

void *groups_next(const struct groups *g, struct group_walk *w)
{
	struct group_link *l = w->has_begun ? w->at->before : g->last;

	if (!l)
		return NULL;
	w->has_begun = true;
	w->at = l;
	return l->item;
}
