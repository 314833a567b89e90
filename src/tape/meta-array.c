// SPDX-License-Identifier: MIT
#include "tape/meta-array.h"

#include <errno.h>
#include <string.h>

#include "tape/section-kind.h"

/* The most bytes that a map's slots take for each entry: right after the map has grown. */
#define MAP_COST 96

bool meta_is_full(const struct tape_meta *m)
{
	size_t entries = map_count(&m->chains) + map_count(&m->symbols);

	return m->arena.bytes + entries * MAP_COST >= META_BYTES_MAX;
}

int meta_full_fault(const struct section_header *h, struct fault *fault)
{
	return fault_set(fault, -EBADMSG, "%s: more metadata than %u MiB",
			 section_kind_name(h->kind), META_BYTES_MAX >> 20);
}

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
