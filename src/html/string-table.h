/* SPDX-License-Identifier: MIT */
/*
 * string-table: the words that stories repeat, each held once and named by its number. Strings are
 * borrowed.
 */
#pragma once

#include "base/map.h"

struct string_table {
	struct map numbers; /* of a string's hash */
	const char **list;
	size_t n;
	size_t cap;
};

void string_table_done(struct string_table *w);
/* 0 or -ENOMEM. */
int string_table_number(struct string_table *w, const char *word, uint64_t *ret) MUST_CHECK;
