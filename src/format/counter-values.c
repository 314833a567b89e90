// SPDX-License-Identifier: MIT
/* counter-values: numbers are LEB128, those with a sign zigzag: 0, -1, 1, -2 are 0, 1, 2, 3. */
#include "format/counter-values.h"

#include <assert.h>
#include <errno.h>

#include "format/layout.h"

/* 64 bits, seven in each byte. */
#define LEB128_MAX 10u

static uint8_t *leb128_put(uint8_t *at, uint64_t v)
{
	while (v >= 0x80) {
		*at++ = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	*at++ = (uint8_t)v;
	return at;
}

/* Takes a number; one of more than 64 bits makes the cursor bad. */
static uint64_t leb128_take(struct cursor *c)
{
	uint64_t v = 0;

	for (unsigned int shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_u8(c);

		if (shift == 63 && byte > 1)
			break;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return v;
	}
	c->bad = true;
	return 0;
}

int counter_value_encode(struct buffer *b, uint32_t *next, const struct counter_value *v)
{
	uint64_t twice = (uint64_t)v->value << 1;
	int r = buffer_reserve(b, 2 * (size_t)LEB128_MAX);
	uint8_t *at;

	assert(v->counter >= *next && v->counter < TAPE_COUNTERS_MAX);
	if (r < 0)
		return r;
	at = leb128_put(b->data + b->len, v->counter - *next);
	at = leb128_put(at, v->value < 0 ? ~twice : twice);
	b->len = (size_t)(at - b->data);
	*next = v->counter + 1;
	return 0;
}

int counter_value_decode(struct cursor *c, uint32_t *next, struct counter_value *ret)
{
	uint64_t gap, zigzag;

	if (!c->left && !c->bad)
		return 0;
	gap = leb128_take(c);
	zigzag = leb128_take(c);
	if (c->bad || gap >= TAPE_COUNTERS_MAX - *next)
		return -EBADMSG;
	ret->counter = *next + (uint32_t)gap;
	ret->value = (int64_t)(zigzag >> 1 ^ (0 - (zigzag & 1)));
	*next = ret->counter + 1;
	return 1;
}

int counter_name_encode(struct buffer *b, const char *name)
{
	size_t len = strlen(name);

	assert(len && len <= TAPE_COUNTER_NAME_MAX);
	return buffer_append(b, name, len + 1);
}

int counter_name_decode(struct cursor *c, const char **ret)
{
	const char *name;

	if (!c->left && !c->bad)
		return 0;
	name = cursor_str(c);
	if (!name || !*name || strlen(name) > TAPE_COUNTER_NAME_MAX)
		return -EBADMSG;
	*ret = name;
	return 1;
}
