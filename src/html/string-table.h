/* SPDX-License-Identifier: MIT */
/*
 * string-table: the strings that histories repeat, each kept once and known by its number. The
 * strings are borrowed, and must live as long as the table.
 */
#pragma once

#include "base/map.h"

struct string_table {
	struct map numbers; /* from the hash of a string to its number */
	const char **list;
	size_t n;
	size_t cap;
};

void string_table_done(struct string_table *t);
/* Gives the number of the string; a string that is not in the table gets a new number. 0 or
 * -ENOMEM. */
int string_table_number(struct string_table *t, const char *string, uint64_t *ret) MUST_CHECK;
