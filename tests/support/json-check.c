// SPDX-License-Identifier: MIT
#include "support/json-check.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define KEYS_MAX  256u
#define DEPTH_MAX 16u

struct at {
	const char *s, *end;
	const char *wrong;
};

static bool check_fail(struct at *at, const char *wrong)
{
	if (!at->wrong)
		at->wrong = wrong;
	return false;
}

static bool char_take(struct at *at, char c)
{
	if (at->s == at->end || *at->s != c)
		return false;
	at->s++;
	return true;
}

/* Returns the length of the UTF-8 sequence at at->s; 0 if there is none. */
static unsigned int utf8_sequence_len(const struct at *at)
{
	const uint8_t *b = (const uint8_t *)at->s;
	size_t left = (size_t)(at->end - at->s);
	unsigned int n = b[0] < 0x80		 ? 1
			 : (b[0] & 0xe0) == 0xc0 ? 2
			 : (b[0] & 0xf0) == 0xe0 ? 3
			 : (b[0] & 0xf8) == 0xf0 ? 4
						 : 0;
	uint32_t code;

	if (n <= 1 || n > left)
		return n <= left ? n : 0;
	code = b[0] & (0x7fu >> n);
	for (unsigned int i = 1; i < n; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (b[i] & 0x3f);
	}
	if (code < (n == 2   ? 0x80u
		    : n == 3 ? 0x800u
			     : 0x10000u) ||
	    code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

static bool escape_check(struct at *at)
{
	if (at->s == at->end || !strchr("\"\\/bfnrtu", *at->s) || !*at->s)
		return check_fail(at, "an unknown escape");
	if (*at->s++ != 'u')
		return true;
	for (int i = 0; i < 4; i++, at->s++) {
		if (at->s == at->end || !*at->s || !strchr("0123456789abcdefABCDEF", *at->s))
			return check_fail(at, "no four hex digits after \\u");
	}
	return true;
}

static bool string_check(struct at *at)
{
	if (!char_take(at, '"'))
		return check_fail(at, "no string");
	while (at->s < at->end && *at->s != '"') {
		unsigned int n = utf8_sequence_len(at);

		if (!n)
			return check_fail(at, "no UTF-8");
		if ((uint8_t)*at->s < 0x20 || *at->s == 0x7f)
			return check_fail(at, "a control character");
		if (char_take(at, '\\')) {
			if (!escape_check(at))
				return false;
			continue;
		}
		at->s += n;
	}
	return char_take(at, '"') || check_fail(at, "a string has no end");
}

static size_t digits_skip(struct at *at)
{
	const char *from = at->s;

	while (at->s < at->end && *at->s >= '0' && *at->s <= '9')
		at->s++;
	return (size_t)(at->s - from);
}

static bool number_check(struct at *at)
{
	bool is_zero;

	char_take(at, '-');
	is_zero = at->s < at->end && *at->s == '0';
	switch (digits_skip(at)) {
	case 0: return check_fail(at, "no value");
	case 1: break;
	default:
		if (is_zero)
			return check_fail(at, "a leading zero");
	}
	return !char_take(at, '.') || digits_skip(at) ||
	       check_fail(at, "no digits after the point");
}

static bool value_check(struct at *at, unsigned int depth);

struct key {
	const char *s;
	size_t n;
};

static bool member_check(struct at *at, struct key *keys, size_t n, unsigned int depth)
{
	const char *from = at->s;

	if (n >= KEYS_MAX)
		return check_fail(at, "too many keys");
	if (!string_check(at))
		return false;
	keys[n] = (struct key){from, (size_t)(at->s - from)};
	for (size_t i = 0; i < n; i++) {
		if (keys[i].n == keys[n].n && !memcmp(keys[i].s, from, keys[n].n))
			return check_fail(at, "a key is there twice");
	}
	return (char_take(at, ':') || check_fail(at, "no colon")) && value_check(at, depth);
}

static bool object_check(struct at *at, unsigned int depth)
{
	struct key keys[KEYS_MAX];
	size_t n = 0;

	if (char_take(at, '}'))
		return true;
	do {
		if (!member_check(at, keys, n++, depth))
			return false;
	} while (char_take(at, ','));
	return char_take(at, '}') || check_fail(at, "an object has no end");
}

static bool array_check(struct at *at, unsigned int depth)
{
	if (char_take(at, ']'))
		return true;
	do {
		if (!value_check(at, depth))
			return false;
	} while (char_take(at, ','));
	return char_take(at, ']') || check_fail(at, "an array has no end");
}

static bool word_take(struct at *at, const char *w)
{
	size_t n = strlen(w);

	if ((size_t)(at->end - at->s) < n || memcmp(at->s, w, n))
		return false;
	at->s += n;
	return true;
}

static bool value_check(struct at *at, unsigned int depth)
{
	if (depth >= DEPTH_MAX)
		return check_fail(at, "too deep");
	if (char_take(at, '{'))
		return object_check(at, depth + 1);
	if (char_take(at, '['))
		return array_check(at, depth + 1);
	if (at->s < at->end && *at->s == '"')
		return string_check(at);
	return word_take(at, "true") || word_take(at, "false") || number_check(at);
}

const char *json_check(const char *s, size_t n)
{
	struct at at = {s, s + n, NULL};

	if (!value_check(&at, 0))
		return at.wrong;
	char_take(&at, '\n');
	return at.s == at.end ? NULL : "something follows the value";
}
