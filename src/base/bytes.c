// SPDX-License-Identifier: MIT
#include "base/bytes.h"

const uint8_t *cursor_take(struct cursor *c, size_t n)
{
	const uint8_t *at = c->at;

	if (c->bad || n > c->left) {
		c->bad = true;
		return NULL;
	}
	c->at += n;
	c->left -= n;
	return at;
}

uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 1);

	return p ? *p : 0;
}

uint16_t cursor_le16(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 2);

	return p ? le16_get(p) : 0;
}

uint32_t cursor_le32(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);

	return p ? le32_get(p) : 0;
}

uint64_t cursor_le64(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 8);

	return p ? le64_get(p) : 0;
}

const char *cursor_str(struct cursor *c)
{
	const uint8_t *nul;

	if (c->bad || !c->left)
		nul = NULL;
	else
		nul = memchr(c->at, 0, c->left);
	if (!nul) {
		c->bad = true;
		return NULL;
	}
	return (const char *)cursor_take(c, (size_t)(nul - c->at) + 1);
}
