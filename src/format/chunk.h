/* SPDX-License-Identifier: MIT */
/*
 * chunk: the payload of a CHUNK section, expanded: rows of one tracepoint and one size.
 *
 *   u16 row_len   bytes of a row (the sample's RAW bytes)
 *   u8  flags     CHUNK_HAS_CHAIN
 *   u8  time_len  bytes kept of each time delta, 1..8
 *   u32 n_runs
 *   n_runs x { u32 cpu, u32 rows, u64 first_ts }
 *   time deltas   time_len columns of n_rows bytes: column 0 holds every delta's lowest byte
 *   chain ids     4 columns, if CHUNK_HAS_CHAIN
 *   codes         row_len x u16: how each column of the rows is stored
 *   rows          row_len columns: column k holds byte k of every row, or what its code says
 *
 * A code is 0: the n_rows bytes of the column follow; with CHUNK_COLUMN_CONST one byte follows,
 * which every row has; with j + 1 in the low bits, the n_rows bytes are column k minus column j,
 * mod 256, and column j itself is neither constant nor a difference to another; with both, that difference is the same everywhere.
 * With CHUNK_COLUMN_LAG and d, 1 to 255, in the low bits, the n_rows bytes are differences to the
 * byte d rows before; before the first row all bytes are 0. (Ports stand twice in many records, and snd_una runs close behind snd_nxt.)
 *
 * A delta is (time - time of the row before in the same run) mod 2^64, the first of a run 0.
 * time_len < 8 promises that the bytes left out are zero. A run is rows of one CPU in ring order.
 */
#pragma once

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
#define CHUNK_COLUMN_BASE  0x3fffu /* j + 1, or rows with CHUNK_COLUMN_LAG */

struct chunk_run {
	uint32_t cpu;
	uint32_t n_rows;
	uint64_t first_ts;
};

/* A chunk's head and where its columns are, pointing into the expanded payload. */
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
	const uint8_t *columns; /* the stored ones, back to back */
};

/* Bytes of the expanded payload up to the stored columns. */
size_t chunk_prefix_len(uint32_t n_rows, uint32_t n_runs, uint16_t row_len, uint8_t flags,
			uint8_t time_len);
/* Writes head and runs; returns the place behind them, where the columns go. */
uint8_t *chunk_head_encode(uint8_t *at, uint16_t row_len, uint8_t flags, uint8_t time_len,
			   uint32_t n_runs);
uint8_t *chunk_run_encode(uint8_t *at, const struct chunk_run *run);
/* j + 1, or 0 */
static inline uint16_t chunk_code_base(uint16_t code)
{
	return code & CHUNK_COLUMN_LAG ? 0 : code & CHUNK_COLUMN_BASE;
}
struct chunk_run chunk_run_decode(const struct chunk_layout *c, uint32_t i);
static inline uint16_t chunk_code(const struct chunk_layout *c, uint16_t column)
{
	return le16_get(c->codes + (size_t)column * CHUNK_CODE_LEN);
}
/*
 * Checks every length: payload is exactly as long as its head says, the runs' rows add up to
 * n_rows (from the section header), no CPU above its limit, every code names a column that is
 * stored as it is, and the rows take at most TAPE_RAW_MAX when they are put together.
 * 0 or -EBADMSG.
 */
int chunk_layout_decode(const void *payload, size_t len, uint32_t n_rows, struct chunk_layout *ret,
			struct fault *fault) MUST_CHECK;
