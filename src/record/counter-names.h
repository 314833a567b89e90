/* SPDX-License-Identifier: MIT */
/*
 * counter-names: the numbers that names of counters have on the tape. A number is given when a name
 * is seen for the first time; new names wait until counter_names_flush() writes them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"

/* {0} is valid: no names. */
struct counter_names {
	const char **items; /* by number */
	size_t n, cap;
	struct map by_hash; /* hash -> number + 1, for the first name of that hash */
	struct arena arena;
	struct buffer fresh; /* the names since the last flush */
	size_t n_flushed;
	uint64_t n_left_out; /* names beyond TAPE_COUNTERS_MAX */
};

void counter_names_done(struct counter_names *c);
/* The number of a name, which has at least one byte and no NUL. 1; 0: there are too many names;
 * -ENOMEM. */
int counter_names_number(struct counter_names *c, const char *name, size_t len,
			 uint32_t *ret) MUST_CHECK;
/* True if it is the name of that number. */
static inline bool counter_name_is(const struct counter_names *c, uint32_t number, const char *name,
				   size_t len)
{
	const char *known = c->items[number];

	return !strncmp(known, name, len) && !known[len];
}
/* Appends a COUNTERS record of the names that are new. 1; 0: there are none; -ENOMEM. */
int counter_names_flush(struct counter_names *c, struct buffer *b) MUST_CHECK;
