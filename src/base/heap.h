/* SPDX-License-Identifier: MIT */
/*
 * heap: a binary heap in an array of its owner: items[0] comes before all others. The owner keeps
 * the array and the number of its items, and changes that number after heap_push and heap_pop.
 * Everything is inline, so that a compiler that knows the kind copies and compares items directly.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* What the items of a heap are. */
struct heap_kind {
	size_t size; /* of an item, in bytes */
	/* Does a come before b? Of two items that are equally early, neither does. */
	bool (*before)(const void *a, const void *b);
};

/* Puts a copy of *item in. There are n items, and room for one more. */
static inline void heap_push(const struct heap_kind *k, void *items, size_t n, const void *item)
{
	char *at = items;
	size_t i = n;

	while (i && k->before(item, at + (i - 1) / 2 * k->size)) {
		memcpy(at + i * k->size, at + (i - 1) / 2 * k->size, k->size);
		i = (i - 1) / 2;
	}
	memcpy(at + i * k->size, item, k->size);
}

/* Puts a copy of *item in, and the first item out. *item is none of the n items, n > 0. */
static inline void heap_replace(const struct heap_kind *k, void *items, size_t n, const void *item)
{
	char *at = items;
	size_t i = 0, child;

	assert(n);
	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n)
			child += k->before(at + (child + 1) * k->size, at + child * k->size);
		if (!k->before(at + child * k->size, item))
			break;
		memcpy(at + i * k->size, at + child * k->size, k->size);
		i = child;
	}
	memcpy(at + i * k->size, item, k->size);
}

/* Takes the first of n items out, n > 0. */
static inline void heap_pop(const struct heap_kind *k, void *items, size_t n)
{
	assert(n);
	if (n > 1)
		heap_replace(k, items, n - 1, (char *)items + (n - 1) * k->size);
}
