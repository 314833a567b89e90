/* SPDX-License-Identifier: MIT */
/*
 * chunk: the expanded payload of a CHUNK section: rows of one tracepoint and one length, stored as
 * columns. FORMAT.md, section 6, has every detail and an example.
 *
 *   u16 row_len   bytes of a row
 *   u8  flags     CHUNK_HAS_CHAIN
 *   u8  time_len  bytes kept of each time delta, 1 to 8; the others are zero
 *   u32 n_runs
 *   n_runs x { u32 cpu, u32 rows, u64 first_ts }
 *   time deltas   time_len columns of n_rows bytes; column 0 holds the lowest byte of each delta
 *   chains        4 columns of n_rows bytes, if CHUNK_HAS_CHAIN
 *   codes         row_len x u16: how each column of the rows is stored
 *   columns       of the rows: column k holds byte k of every row, stored as its code says
 *
 * A code of 0 stores the column as it is. CHUNK_COLUMN_CONST stores one byte for all rows. j + 1 in
 * the low bits stores the difference to column j, which must itself be neither constant nor such a
 * difference. CHUNK_COLUMN_LAG with d in the low bits stores the difference of each byte to the one
 * d rows before. This pays because ports stand twice in many records, and snd_una follows snd_nxt.
 */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/fault.h"
#include "format/layout.h"

#define CHUNK_HAS_CHAIN 1u
#define CHUNK_HEAD_LEN	8u
#define CHUNK_RUN_LEN	16u
#define CHUNK_CODE_LEN	2u

#define CHUNK_COLUMN_CONST 0x8000u
#define CHUNK_COLUMN_LAG   0x4000u
#define CHUNK_COLUMN_BASE  0x3fffu /* j + 1; with CHUNK_COLUMN_LAG: d */

/* A run: rows of one CPU in the order of its ring. */
struct chunk_run {
	uint32_t cpu;
	uint32_t n_rows;
	uint64_t first_ts;
};

/* The decoded head of a chunk, and pointers to its parts in the expanded payload. */
struct chunk_layout {
	uint32_t n_rows;
	uint32_t n_runs;
	uint16_t row_len;
	uint8_t flags;
	uint8_t time_len;
	const uint8_t *runs;
	const uint8_t *times;
	const uint8_t *chains; /* NULL without CHUNK_HAS_CHAIN */
	const uint8_t *codes;
	const uint8_t *columns; /* of the rows as they are stored, one after the other */
};

/* Bytes of the expanded payload before the stored columns of the rows. */
size_t chunk_prefix_len(uint32_t n_rows, uint32_t n_runs, uint16_t row_len, uint8_t flags,
			uint8_t time_len);
/* Both functions write one part of the payload and return the place after it. */
uint8_t *chunk_head_encode(uint8_t *at, uint16_t row_len, uint8_t flags, uint8_t time_len,
			   uint32_t n_runs);
uint8_t *chunk_run_encode(uint8_t *at, const struct chunk_run *run);
/* j + 1 if the code names a column j, else 0. */
static inline uint16_t chunk_code_base(uint16_t code)
{
	return code & CHUNK_COLUMN_LAG ? 0 : code & CHUNK_COLUMN_BASE;
}
/* Decodes run i, which is below c->n_runs. */
struct chunk_run chunk_run_decode(const struct chunk_layout *c, uint32_t i);
/* The code of a column, which is below c->row_len. */
static inline uint16_t chunk_code(const struct chunk_layout *c, uint16_t column)
{
	assert(column < c->row_len);
	return le16_get(c->codes + (size_t)column * CHUNK_CODE_LEN);
}
/*
 * Checks that the payload is exactly as long as its head says, that its runs add up to n_rows (the
 * count of the section header), that no CPU is above its limit, that no code is refused by
 * FORMAT.md, and that the rows take at most TAPE_RAW_MAX bytes. 0 or -EBADMSG.
 */
int chunk_layout_decode(const void *payload, size_t len, uint32_t n_rows, struct chunk_layout *ret,
			struct fault *fault) MUST_CHECK;
