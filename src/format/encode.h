/* SPDX-License-Identifier: MIT */
/*
 * encode: functions that write a number or a string and return the place after it. The caller
 * reserves room for the whole record first, so that a record is appended whole or not at all.
 */
#pragma once

#include <string.h>

#include "base/bytes.h"

static inline uint8_t *put_u8(uint8_t *at, uint8_t v)
{
	*at = v;
	return at + 1;
}

static inline uint8_t *put_le16(uint8_t *at, uint16_t v)
{
	le16_put(at, v);
	return at + 2;
}

static inline uint8_t *put_le32(uint8_t *at, uint32_t v)
{
	le32_put(at, v);
	return at + 4;
}

static inline uint8_t *put_le64(uint8_t *at, uint64_t v)
{
	le64_put(at, v);
	return at + 8;
}

/* Writes `size` bytes of s, its NUL included. */
static inline uint8_t *put_str(uint8_t *at, const char *s, size_t size)
{
	memcpy(at, s, size);
	return at + size;
}
