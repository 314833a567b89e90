/* SPDX-License-Identifier: MIT */
/*
 * fastfmt: numbers and addresses written at a place that is known to be large enough; each returns the
 * place behind what it wrote. FASTFMT_MAX bytes are enough for any one of them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define FASTFMT_MAX 80

/* text_room() and text_mem() without a call where there is room, as there mostly is. */
static inline char *fastfmt_room(struct text *t, size_t n)
{
	return n <= t->cap - t->len ? t->data + t->len : text_room(t, n);
}
static inline void fastfmt_char(struct text *t, char c)
{
	char *at = fastfmt_room(t, 1);

	if (!at)
		return;
	*at = c;
	t->len++;
}
static inline void fastfmt_mem(struct text *t, const char *s, size_t n)
{
	char *at = fastfmt_room(t, n);

	if (!at || !n)
		return;
	memcpy(at, s, n);
	t->len += n;
}

char *fastfmt_u64(char *at, uint64_t v);
char *fastfmt_i64(char *at, int64_t v);
char *fastfmt_hex(char *at, uint64_t v); /* with 0x */
/* Exactly `digits` digits (at most 9); higher ones are cut off. */
char *fastfmt_digits(char *at, uint32_t v, unsigned int digits);
/* v / 10^decimals */
char *fastfmt_fixed(char *at, uint64_t v, unsigned int decimals);
/* family 4 or 6; anything else is "-" */
char *fastfmt_addr(char *at, uint8_t family, const uint8_t *bytes);
/* "10.0.0.1:80", "[::1]:80", "-:-" */
char *fastfmt_endpoint(char *at, uint8_t family, const uint8_t *bytes, uint16_t port);
/* A string from the tape, safe for a terminal: control characters and non-ASCII as \xNN. */
void fastfmt_safe(struct text *t, const char *s, size_t n);
