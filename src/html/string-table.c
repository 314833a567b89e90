// SPDX-License-Identifier: MIT
#include "html/string-table.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"

void string_table_done(struct string_table *t)
{
	map_done(&t->numbers);
	free(t->list);
	*t = (struct string_table){0};
}

static uint64_t string_hash(const char *s)
{
	uint64_t h = 0;

	for (; *s; s++)
		h = hash_mix(h, (unsigned char)*s);
	return h;
}

static int string_append(struct string_table *t, const char *string)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : 64;
		const char **list = reallocarray(t->list, cap, sizeof(*list));

		if (!list)
			return -ENOMEM;
		t->list = list;
		t->cap = cap;
	}
	t->list[t->n++] = string;
	return 0;
}

/* When two strings have the same hash, the second is appended again each time it is looked up. The
 * result is still right, and a stranger cannot slow the search down by choosing strings. */
int string_table_number(struct string_table *t, const char *string, uint64_t *ret)
{
	bool is_new;
	uint64_t *number = map_put(&t->numbers, string_hash(string), &is_new);
	int r;

	if (!number)
		return -ENOMEM;
	if (!is_new && !strcmp(t->list[*number], string)) {
		*ret = *number;
		return 0;
	}
	if (is_new)
		*number = t->n;
	r = string_append(t, string);
	if (r < 0)
		return r;
	*ret = t->n - 1;
	return 0;
}
