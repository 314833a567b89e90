/* SPDX-License-Identifier: MIT */
/*
 * column-set: a set of bytes of a row, each of which is a column of a chunk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct column_set {
	uint64_t bits[TAPE_ROW_MAX / 64];
};

static inline bool column_set_has(const struct column_set *s, size_t k)
{
	return s->bits[k / 64] >> (k % 64) & 1;
}

/* Adds n bytes from `from` on, as far as they lie below TAPE_ROW_MAX. */
static inline void column_set_add(struct column_set *s, size_t from, size_t n)
{
	for (size_t k = from; k < from + n && k < TAPE_ROW_MAX; k++)
		s->bits[k / 64] |= 1ull << (k % 64);
}

static inline bool column_set_has_any(const struct column_set *s, size_t from, size_t n)
{
	for (size_t k = from; k < from + n; k++) {
		if (column_set_has(s, k))
			return true;
	}
	return false;
}
