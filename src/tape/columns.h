/* SPDX-License-Identifier: MIT */
/*
 * columns: turns rows into byte columns and back. There are n rows of len bytes, which stand
 * `stride` bytes apart in memory; column k stands at columns + k * n.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tape/column-set.h"

/* Columns are turned into rows in tiles of this many columns; the last tile may overlap the one
 * before. */
#define COLUMNS_TILE 16u
static inline size_t columns_tile_len(size_t len)
{
	return len < COLUMNS_TILE ? len : COLUMNS_TILE;
}
/* Returns the column at which a tile that has column k starts, so that the tile ends within len. */
static inline size_t columns_tile_start(size_t k, size_t len)
{
	return k + COLUMNS_TILE <= len ? k : len - columns_tile_len(len);
}

void columns_split(const uint8_t *rows, size_t stride, size_t n, size_t len, uint8_t *columns);
void columns_join(const uint8_t *columns, size_t n, size_t len, uint8_t *rows, size_t stride);
/* Fills the wanted bytes of the rows (NULL: all), and possibly bytes next to them. The other bytes
 * stay as they were. */
void columns_gather(const uint8_t *columns, size_t n, size_t len, const struct column_set *wanted,
		    uint8_t *rows, size_t stride);
