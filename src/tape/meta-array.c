// SPDX-License-Identifier: MIT
#include "tape/meta-array.h"

#include <string.h>

size_t meta_array_capacity(size_t n)
{
	size_t cap = 8;

	while (cap < n)
		cap *= 2;
	return n ? cap : 0;
}

void *meta_array_add(struct arena *a, void **items, size_t n, size_t size)
{
	if (n == meta_array_capacity(n)) {
		void *bigger = arena_alloc(a, meta_array_capacity(n + 1) * size);

		if (!bigger)
			return NULL;
		if (n)
			memcpy(bigger, *items, n * size);
		*items = bigger;
	}
	return (char *)*items + n * size;
}
