// SPDX-License-Identifier: MIT
#include "base/buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

void buffer_done(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){0};
}

int buffer_reserve(struct buffer *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 256;
	uint8_t *data;

	if (more <= b->cap - b->len)
		return 0;
	if (more > SIZE_MAX / 4 - b->len)
		return -ENOMEM;
	while (cap - b->len < more)
		cap *= 2;
	data = realloc(b->data, cap);
	if (!data)
		return -ENOMEM;
	b->data = data;
	b->cap = cap;
	return 0;
}

int buffer_append(struct buffer *b, const void *data, size_t n)
{
	int r = buffer_reserve(b, n);

	if (r < 0)
		return r;
	if (n)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	return 0;
}

int buffer_append_str(struct buffer *b, const char *s)
{
	return buffer_append(b, s, strlen(s) + 1);
}

int buffer_append_u8(struct buffer *b, uint8_t v)
{
	return buffer_append(b, &v, sizeof(v));
}

int buffer_append_le16(struct buffer *b, uint16_t v)
{
	uint8_t raw[2];

	le16_put(raw, v);
	return buffer_append(b, raw, sizeof(raw));
}

int buffer_append_le32(struct buffer *b, uint32_t v)
{
	uint8_t raw[4];

	le32_put(raw, v);
	return buffer_append(b, raw, sizeof(raw));
}

int buffer_append_le64(struct buffer *b, uint64_t v)
{
	uint8_t raw[8];

	le64_put(raw, v);
	return buffer_append(b, raw, sizeof(raw));
}
