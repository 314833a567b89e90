/* SPDX-License-Identifier: MIT */
/*
 * text: a string that grows, with appending functions that are faster than printf. {0} is a valid
 * empty text. Lack of memory sets `failed`, which stays set and is checked once, when the text is
 * complete. The data is NUL-terminated only after text_cstr().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"

struct text {
	char *data;
	size_t len;
	size_t cap;
	bool failed;
};

void text_done(struct text *t);
static inline void text_clear(struct text *t)
{
	t->len = 0;
}
/* Makes room for n bytes after len. NULL: out of memory. */
char *text_grow(struct text *t, size_t n);
/* Room for n bytes after len, to write to; the caller adds to len. NULL: out of memory. */
static inline char *text_room(struct text *t, size_t n)
{
	return t->data && n <= t->cap - t->len ? t->data + t->len : text_grow(t, n);
}
void text_mem(struct text *t, const char *s, size_t n);
static inline void text_str(struct text *t, const char *s)
{
	text_mem(t, s, strlen(s));
}
static inline void text_char(struct text *t, char c)
{
	char *at = text_room(t, 1);

	if (!at)
		return;
	*at = c;
	t->len++;
}
void text_fill(struct text *t, char c, size_t n); /* n times c */
void text_u64(struct text *t, uint64_t v);
void text_i64(struct text *t, int64_t v);
void text_hex(struct text *t, uint64_t v); /* no 0x, no leading zeros */
/* v with at least `digits` digits, padded with zeros. */
void text_u64_padded(struct text *t, uint64_t v, unsigned int digits);
/* v / 10^decimals: "12.345" for (12345, 3). */
void text_fixed(struct text *t, uint64_t v, unsigned int decimals);
/* Formats as printf does. Slow: for text that is written rarely. */
void text_printf(struct text *t, const char *fmt, ...) PRINTF(2, 3);
/* The text as a C string, which t owns until the next change; "" if out of memory. */
const char *text_cstr(struct text *t);
/* The n bytes of s, with control characters and non-ASCII bytes as \xNN: safe for a terminal. */
void text_safe(struct text *t, const char *s, size_t n);
