/* SPDX-License-Identifier: MIT */
/*
 * text: a growing piece of text, written without printf. {0} is a valid empty one. Out of memory
 * is sticky (`failed`) and checked once by whoever sends the text on; the data is not
 * NUL-terminated unless text_cstr() is asked.
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
/* A place for n more bytes (then add to len yourself), or NULL. */
char *text_room(struct text *t, size_t n);
void text_mem(struct text *t, const char *s, size_t n);
static inline void text_str(struct text *t, const char *s)
{
	text_mem(t, s, strlen(s));
}
void text_char(struct text *t, char c);
void text_fill(struct text *t, char c, size_t n);
void text_u64(struct text *t, uint64_t v);
void text_i64(struct text *t, int64_t v);
void text_hex(struct text *t, uint64_t v); /* no 0x, no leading zeros */
/* v with at least `digits` digits, padded by zeros. */
void text_u64_padded(struct text *t, uint64_t v, unsigned int digits);
/* v / 10^decimals, e.g. (12345, 3) is 12.345 */
void text_fixed(struct text *t, uint64_t v, unsigned int decimals);
/* The slow path, for what is printed rarely. */
void text_printf(struct text *t, const char *fmt, ...) PRINTF(2, 3);
/* As a C string, owned by t; "" when out of memory. */
const char *text_cstr(struct text *t);
/* s with control characters and non-ASCII bytes as \xNN: safe for a terminal. */
void text_safe(struct text *t, const char *s, size_t n);
