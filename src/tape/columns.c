// SPDX-License-Identifier: MIT
/*
 * columns: transposes tiles of 16 rows by 16 bytes in four rounds of interleaving vectors. The
 * vectors are GNU C's, of bytes: no intrinsics, and no byte order matters. 64 rows are finished
 * before the next 64 begin, because 64 bytes are a cache line of every column.
 */
#include "tape/columns.h"

#include <string.h>

#define TILE  COLUMNS_TILE
#define BLOCK 64u

typedef uint8_t tile_row __attribute__((vector_size(TILE)));

#define LOW(a, b)                                                                                  \
	__builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b)                                                                                 \
	__builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

/* Vector i of the result takes bytes alternately from the vectors i / 2 and i / 2 + 8. */
static inline __attribute__((always_inline)) void interleave(const tile_row in[TILE],
							     tile_row out[TILE])
{
#pragma GCC unroll 8
	for (unsigned int i = 0; i < TILE / 2; i++) {
		out[2 * i] = LOW(in[i], in[i + TILE / 2]);
		out[2 * i + 1] = HIGH(in[i], in[i + TILE / 2]);
	}
}

static inline __attribute__((always_inline)) void tile_turn(const uint8_t *from, size_t from_stride,
							    uint8_t *to, size_t to_stride)
{
	tile_row a[TILE], b[TILE];

#pragma GCC unroll 16
	for (unsigned int i = 0; i < TILE; i++)
		memcpy(&a[i], from + i * from_stride, TILE);
	interleave(a, b);
	interleave(b, a);
	interleave(a, b);
	interleave(b, a);
#pragma GCC unroll 16
	for (unsigned int i = 0; i < TILE; i++)
		memcpy(to + i * to_stride, &a[i], TILE);
}

static void split_plain(const uint8_t *rows, size_t stride, size_t from, size_t n, size_t len,
			uint8_t *columns)
{
	for (size_t k = 0; k < len; k++) {
		for (size_t i = from; i < n; i++)
			columns[k * n + i] = rows[i * stride + k];
	}
}

void columns_split(const uint8_t *rows, size_t stride, size_t n, size_t len, uint8_t *columns)
{
	size_t tiled = len >= TILE ? n - n % TILE : 0;

	for (size_t block = 0; block < tiled; block += BLOCK) {
		size_t end = tiled - block < BLOCK ? tiled : block + BLOCK;

		for (size_t k = 0; k < len; k += TILE) {
			size_t start = columns_tile_start(k, len);

			for (size_t i = block; i < end; i += TILE)
				tile_turn(rows + i * stride + start, stride,
					  columns + start * n + i, n);
		}
	}
	split_plain(rows, stride, tiled, n, len, columns);
}

static void join_plain(const uint8_t *columns, size_t from, size_t n, size_t len,
		       const struct column_set *wanted, uint8_t *rows, size_t stride)
{
	for (size_t k = 0; k < len; k++) {
		if (wanted && !column_set_has(wanted, k))
			continue;
		for (size_t i = from; i < n; i++)
			rows[i * stride + k] = columns[k * n + i];
	}
}

void columns_gather(const uint8_t *columns, size_t n, size_t len, const struct column_set *wanted,
		    uint8_t *rows, size_t stride)
{
	size_t tiled = len >= TILE ? n - n % TILE : 0;

	for (size_t block = 0; block < tiled; block += BLOCK) {
		size_t end = tiled - block < BLOCK ? tiled : block + BLOCK;

		for (size_t k = 0; k < len; k += TILE) {
			size_t start = columns_tile_start(k, len);

			if (wanted && !column_set_has_any(wanted, start, TILE))
				continue;
			for (size_t i = block; i < end; i += TILE)
				tile_turn(columns + start * n + i, n, rows + i * stride + start,
					  stride);
		}
	}
	join_plain(columns, tiled, n, len, wanted, rows, stride);
}

void columns_join(const uint8_t *columns, size_t n, size_t len, uint8_t *rows, size_t stride)
{
	columns_gather(columns, n, len, NULL, rows, stride);
}
