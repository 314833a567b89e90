/* SPDX-License-Identifier: MIT */
/*
 * columns: rows to byte columns and back. n rows of len bytes, `stride` bytes apart in memory;
 * column k stands at columns + k * n.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tape/column-set.h"

/* Columns are turned into rows so many at a time; the last ones may overlap those before. */
#define COLUMNS_TILE 16u
static inline size_t columns_tile_len(size_t len)
{
	return len < COLUMNS_TILE ? len : COLUMNS_TILE;
}
/* Where the tile at k starts that lies within len. */
static inline size_t columns_tile_start(size_t k, size_t len)
{
	return k + COLUMNS_TILE <= len ? k : len - columns_tile_len(len);
}

void columns_split(const uint8_t *rows, size_t stride, size_t n, size_t len, uint8_t *columns);
void columns_join(const uint8_t *columns, size_t n, size_t len, uint8_t *rows, size_t stride);
/* Only these columns, and maybe some of their neighbours; NULL: all. The other bytes of the rows mean
 * nothing. */
void columns_gather(const uint8_t *columns, size_t n, size_t len, const struct column_set *wanted,
		    uint8_t *rows, size_t stride);
