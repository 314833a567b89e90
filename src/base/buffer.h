/* SPDX-License-Identifier: MIT */
/*
 * buffer: an array of bytes that grows. It lives in the caller's struct; {0} is a valid empty
 * buffer. An append that fails leaves the buffer as it was.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct buffer {
	uint8_t *data;
	size_t len;
	size_t cap;
};

void buffer_done(struct buffer *b);
static inline void buffer_clear(struct buffer *b)
{
	b->len = 0;
}
/* Makes room for `more` bytes after len. 0 or -ENOMEM. */
int buffer_reserve(struct buffer *b, size_t more) MUST_CHECK;
int buffer_append(struct buffer *b, const void *data, size_t n) MUST_CHECK;
int buffer_append_u8(struct buffer *b, uint8_t v) MUST_CHECK;
