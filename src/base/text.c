// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void text_done(struct text *t)
{
	free(t->data);
	*t = (struct text){0};
}

char *text_grow(struct text *t, size_t n)
{
	size_t cap = t->cap ? t->cap : 256;
	char *data = NULL;

	if (n <= SIZE_MAX / 4 - t->len) {
		while (cap - t->len < n)
			cap *= 2;
		data = realloc(t->data, cap);
	}
	if (!data) {
		t->failed = true;
		return NULL;
	}
	t->data = data;
	t->cap = cap;
	return t->data + t->len;
}

void text_mem(struct text *t, const char *s, size_t n)
{
	char *at = text_room(t, n);

	if (!at || !n)
		return;
	memcpy(at, s, n);
	t->len += n;
}

void text_fill(struct text *t, char c, size_t n)
{
	char *at = text_room(t, n);

	if (!at || !n)
		return;
	memset(at, c, n);
	t->len += n;
}

/* Writes the digits of v to the end of buf, and returns their number. */
static unsigned int digits_of(char buf[20], uint64_t v)
{
	unsigned int n = 0;

	do {
		buf[19 - n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return n;
}

void text_u64(struct text *t, uint64_t v)
{
	char buf[20];
	unsigned int n = digits_of(buf, v);

	text_mem(t, buf + 20 - n, n);
}

void text_i64(struct text *t, int64_t v)
{
	if (v < 0)
		text_char(t, '-');
	text_u64(t, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void text_hex(struct text *t, uint64_t v)
{
	char buf[16];
	unsigned int n = 0;

	do {
		buf[15 - n++] = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v);
	text_mem(t, buf + 16 - n, n);
}

void text_u64_padded(struct text *t, uint64_t v, unsigned int digits)
{
	char buf[20];
	unsigned int n = digits_of(buf, v);

	if (n < digits)
		text_fill(t, '0', digits - n);
	text_mem(t, buf + 20 - n, n);
}

void text_fixed(struct text *t, uint64_t v, unsigned int decimals)
{
	uint64_t unit = 1;

	for (unsigned int i = 0; i < decimals; i++)
		unit *= 10;
	text_u64(t, v / unit);
	if (!decimals)
		return;
	text_char(t, '.');
	text_u64_padded(t, v % unit, decimals);
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	char *at;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	at = text_room(t, (size_t)n + 1);
	if (!at)
		return;
	va_start(ap, fmt);
	vsnprintf(at, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}

const char *text_cstr(struct text *t)
{
	char *at = text_room(t, 1);

	if (!at)
		return "";
	*at = 0;
	return t->data;
}

void text_safe(struct text *t, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 0x20 && c < 0x7f) {
			text_char(t, s[i]);
			continue;
		}
		text_str(t, "\\x");
		text_char(t, "0123456789abcdef"[c >> 4]);
		text_char(t, "0123456789abcdef"[c & 15]);
	}
}
