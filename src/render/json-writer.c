// SPDX-License-Identifier: MIT
#include "render/json-writer.h"

#include <assert.h>

#include "render/utf8.h"

struct json_writer json_writer_to(struct text *t)
{
	return (struct json_writer){.text = t};
}

static void value_begin(struct json_writer *w)
{
	if (w->needs_comma)
		text_char(w->text, ',');
	w->needs_comma = true;
}

void json_open(struct json_writer *w, char bracket)
{
	assert(bracket == '{' || bracket == '[');
	value_begin(w);
	text_char(w->text, bracket);
	w->needs_comma = false;
}

void json_close(struct json_writer *w, char bracket)
{
	assert(bracket == '}' || bracket == ']');
	text_char(w->text, bracket);
	w->needs_comma = true;
}

static void control_put(struct text *t, unsigned char c)
{
	switch (c) {
	case '\n': text_str(t, "\\n"); break;
	case '\t': text_str(t, "\\t"); break;
	case '\r': text_str(t, "\\r"); break;
	default:
		text_str(t, "\\u00");
		text_char(t, "0123456789abcdef"[c >> 4]);
		text_char(t, "0123456789abcdef"[c & 15]);
	}
}

/* Appends the character at s, which has two or three bytes, as \u and its code point. */
static void escaped_put(struct text *t, const unsigned char *s, size_t len)
{
	unsigned int c = len == 2 ? (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu)
				  : (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);

	text_str(t, "\\u");
	for (int shift = 12; shift >= 0; shift -= 4)
		text_char(t, "0123456789abcdef"[c >> shift & 15]);
}

static bool char_is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

#define BYTES(c) (UINT64_C(0x0101010101010101) * (c))

/* The highest bit of each byte of x that is 0, and maybe of bytes above such a one. */
static uint64_t zero_bytes(uint64_t x)
{
	return (x - BYTES(1)) & ~x & BYTES(0x80);
}

/* True if all of eight characters are plain, by arithmetic on all at once. */
static bool eight_are_plain(const char *s)
{
	uint64_t x;

	memcpy(&x, s, sizeof(x));
	return !(((x | ((x - BYTES(0x20)) & ~x)) & BYTES(0x80)) | zero_bytes(x ^ BYTES('"')) |
		 zero_bytes(x ^ BYTES('\\')) | zero_bytes(x ^ BYTES(0x7f)));
}

static bool string_is_plain(const char *s, size_t n)
{
	size_t i = 0;

	if (n < 8) {
		while (i < n && char_is_plain((unsigned char)s[i]))
			i++;
		return i == n;
	}
	for (; i + 8 <= n; i += 8) {
		if (!eight_are_plain(s + i))
			return false;
	}
	return i == n || eight_are_plain(s + n - 8);
}

/* Nearly all strings are plain: they are written in one piece, with what stands before and after
 * them. False: nothing is written. */
static bool plain_put(struct json_writer *w, const char *s, size_t n, bool is_key)
{
	char *at = string_is_plain(s, n) ? text_room(w->text, n + 4) : NULL;

	if (!at)
		return false;
	*at = ',';
	at += w->needs_comma;
	*at++ = '"';
	if (n)
		memcpy(at, s, n);
	at[n] = '"';
	at[n + 1] = ':';
	w->text->len += n + 2 + w->needs_comma + is_key;
	w->needs_comma = !is_key;
	return true;
}

static void string_put(struct text *t, const char *s, size_t n)
{
	const unsigned char *at = (const unsigned char *)s;
	size_t i = 0;

	text_char(t, '"');
	while (i < n) {
		size_t len = 0;

		while (i + len < n && char_is_plain(at[i + len]))
			len++;
		if (len) {
			text_mem(t, s + i, len);
		} else if (at[i] == '"' || at[i] == '\\') {
			text_char(t, '\\');
			text_char(t, s[i]);
			len = 1;
		} else if (at[i] < 0x20 || at[i] == 0x7f) {
			control_put(t, at[i]);
			len = 1;
		} else if ((len = utf8_len(at + i, n - i)) && utf8_is_invisible(at + i, len)) {
			escaped_put(t, at + i, len);
		} else if (len) {
			text_mem(t, s + i, len);
		} else {
			text_str(t, "\\ufffd");
			len = 1;
		}
		i += len;
	}
	text_char(t, '"');
}

void json_key(struct json_writer *w, const char *key)
{
	size_t n = strlen(key);

	if (plain_put(w, key, n, true))
		return;
	value_begin(w);
	string_put(w->text, key, n);
	text_char(w->text, ':');
	w->needs_comma = false;
}

void json_str(struct json_writer *w, const char *s, size_t n)
{
	if (plain_put(w, s, n, false))
		return;
	value_begin(w);
	string_put(w->text, s, n);
}

void json_cstr(struct json_writer *w, const char *s)
{
	json_str(w, s, strlen(s));
}

void json_u64(struct json_writer *w, uint64_t v)
{
	value_begin(w);
	text_u64(w->text, v);
}

void json_bool(struct json_writer *w, bool v)
{
	value_begin(w);
	text_str(w->text, v ? "true" : "false");
}

void json_verbatim(struct json_writer *w, const char *s, size_t n)
{
	value_begin(w);
	text_mem(w->text, s, n);
}
