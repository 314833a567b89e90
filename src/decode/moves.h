/* SPDX-License-Identifier: MIT */
/*
 * moves: copies numbers of 1 to 8 bytes from a row into a field of struct tcp_event.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Named by the widths in the row and in the event, in bits. S: sign-extended; X: bytes are
 * swapped. */
enum move_code {
	MOVE_8_8,
	MOVE_8_32,
	MOVE_S8_32,
	MOVE_16_32,
	MOVE_S16_32,
	MOVE_32_32,
	MOVE_32_64,
	MOVE_64_64,
	MOVE_X16_32,
	MOVE_XS16_32,
	MOVE_X32_32,
	MOVE_X32_64,
	MOVE_X64_64,
	MOVE_NONE, /* no such move */
};

static inline uint16_t row_u16(const uint8_t *at, bool is_swapped)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return is_swapped ? __builtin_bswap16(v) : v;
}

static inline uint32_t row_u32(const uint8_t *at, bool is_swapped)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return is_swapped ? __builtin_bswap32(v) : v;
}

static inline uint64_t row_u64(const uint8_t *at, bool is_swapped)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	return is_swapped ? __builtin_bswap64(v) : v;
}

static inline unsigned int move_width(enum move_code code)
{
	switch (code) {
	case MOVE_8_8:
	case MOVE_8_32:
	case MOVE_S8_32: return 1;
	case MOVE_16_32:
	case MOVE_S16_32:
	case MOVE_X16_32:
	case MOVE_XS16_32: return 2;
	case MOVE_64_64:
	case MOVE_X64_64: return 8;
	default: return 4;
	}
}

static inline void move_run(enum move_code code, const uint8_t *from, void *to)
{
	uint32_t narrow;
	uint64_t wide;

	switch (code) {
	case MOVE_8_8: *(uint8_t *)to = *from; return;
	case MOVE_64_64: memcpy(to, from, 8); return;
	case MOVE_X64_64:
		wide = row_u64(from, true);
		memcpy(to, &wide, sizeof(wide));
		return;
	case MOVE_32_64:
	case MOVE_X32_64:
		wide = row_u32(from, code == MOVE_X32_64);
		memcpy(to, &wide, sizeof(wide));
		return;
	case MOVE_32_32: memcpy(to, from, 4); return;
	case MOVE_X32_32: narrow = row_u32(from, true); break;
	case MOVE_8_32: narrow = *from; break;
	case MOVE_S8_32: narrow = (int8_t)*from; break;
	case MOVE_16_32: narrow = row_u16(from, false); break;
	case MOVE_S16_32: narrow = (int16_t)row_u16(from, false); break;
	case MOVE_X16_32: narrow = row_u16(from, true); break;
	case MOVE_XS16_32: narrow = (int16_t)row_u16(from, true); break;
	default: return;
	}
	memcpy(to, &narrow, sizeof(narrow));
}

/* The move of a number of size bytes into to_size bytes, or MOVE_NONE. */
static inline enum move_code move_of(unsigned int size, unsigned int to_size, bool is_signed,
				     bool is_swapped)
{
	if (to_size == 1)
		return size == 1 ? MOVE_8_8 : MOVE_NONE;
	if (to_size == 8) {
		if (size == 8)
			return is_swapped ? MOVE_X64_64 : MOVE_64_64;
		if (size == 4)
			return is_swapped ? MOVE_X32_64 : MOVE_32_64;
		return MOVE_NONE;
	}
	if (size == 4)
		return is_swapped ? MOVE_X32_32 : MOVE_32_32;
	if (size == 2 && is_swapped)
		return is_signed ? MOVE_XS16_32 : MOVE_X16_32;
	if (size == 2)
		return is_signed ? MOVE_S16_32 : MOVE_16_32;
	if (size == 1)
		return is_signed ? MOVE_S8_32 : MOVE_8_32;
	return MOVE_NONE;
}
