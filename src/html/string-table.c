// SPDX-License-Identifier: MIT
#include "html/string-table.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"

void string_table_done(struct string_table *w)
{
	map_done(&w->numbers);
	free(w->list);
	*w = (struct string_table){0};
}

static uint64_t hash(const char *s)
{
	uint64_t h = 0;

	for (; *s; s++)
		h = hash_mix(h, (unsigned char)*s);
	return h;
}

static int append(struct string_table *w, const char *word)
{
	if (w->n == w->cap) {
		size_t cap = w->cap ? 2 * w->cap : 64;
		const char **list = reallocarray(w->list, cap, sizeof(*list));

		if (!list)
			return -ENOMEM;
		w->list = list;
		w->cap = cap;
	}
	w->list[w->n++] = word;
	return 0;
}

/* Of two words with the same hash the second is listed again each time: right, and bounded whatever
 * words somebody has chosen. */
int string_table_number(struct string_table *w, const char *word, uint64_t *ret)
{
	bool is_new;
	uint64_t *number = map_put(&w->numbers, hash(word), &is_new);
	int code;

	if (!number)
		return -ENOMEM;
	if (!is_new && !strcmp(w->list[*number], word)) {
		*ret = *number;
		return 0;
	}
	if (is_new)
		*number = w->n;
	code = append(w, word);
	if (code < 0)
		return code;
	*ret = w->n - 1;
	return 0;
}
