/* SPDX-License-Identifier: MIT */
/*
 * vec: room in an array that grows at its end. The owner keeps three fields: the array, the number
 * of items in it, and the number of items that it has room for (a size_t). All three are 0 at
 * first; the array is released with free().
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"

#define VEC_ITEMS_MIN 8u

MUST_CHECK static inline int vec_reserve_bytes(void **items, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? *cap : VEC_ITEMS_MIN;
	void *bigger;

	if (n <= *cap)
		return 0;
	if (n > SIZE_MAX / 4 / size)
		return -ENOMEM;
	while (more < n)
		more *= 2;
	bigger = realloc(*items, more * size);
	if (!bigger)
		return -ENOMEM;
	*items = bigger;
	*cap = more;
	return 0;
}

/*
 * Makes room for n items in all: 0, or -ENOMEM, which leaves the array as it was. `items` and `cap`
 * are the owner's fields themselves: vec_reserve(l->items, l->cap, l->n + 1).
 */
#define vec_reserve(items, cap, n)                                                                 \
	vec_reserve_bytes((void **)&(items), &(cap), (n), sizeof(*(items)))
