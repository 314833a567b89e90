// SPDX-License-Identifier: MIT
#include "support/zstd-frame.h"

#include <errno.h>

#include <stdbool.h>

#include "base/bytes.h"

#define FRAME_MAGIC	0xfd2fb528u
#define FRAME_HEAD	0xa0u /* one segment, a content size of four bytes, no checksum */
#define FRAME_HEAD_LEN	9u
#define BLOCK_HEAD_LEN	3u
#define BLOCK_RAW	0u
#define BLOCK_RLE	1u
#define BLOCK_BYTES_MAX (128u << 10)
/* Runs of equal bytes shorter than this stay in a raw block. */
#define RUN_LEN_MIN 8u

static uint8_t *block_head_put(uint8_t *at, bool is_last, uint32_t type, size_t size)
{
	uint32_t head = (is_last ? 1u : 0u) | type << 1 | (uint32_t)size << 3;

	at[0] = (uint8_t)head;
	at[1] = (uint8_t)(head >> 8);
	at[2] = (uint8_t)(head >> 16);
	return at + BLOCK_HEAD_LEN;
}

/* Returns how many bytes at the start of data are all equal. */
static size_t run_len(const uint8_t *data, size_t len)
{
	size_t n = 0;

	while (n < len && n < BLOCK_BYTES_MAX && data[n] == data[0])
		n++;
	return n;
}

/* Returns how many bytes of data come before the next run that is long enough. */
static size_t raw_len(const uint8_t *data, size_t len)
{
	size_t n = 0;

	while (n < len && n < BLOCK_BYTES_MAX && run_len(data + n, len - n) < RUN_LEN_MIN)
		n++;
	return n;
}

int zstd_frame_make(const uint8_t *data, size_t len, struct buffer *ret)
{
	uint8_t *at;

	if (buffer_reserve(ret, FRAME_HEAD_LEN + (len + 1) * (BLOCK_HEAD_LEN + 1)) < 0)
		return -ENOMEM;
	at = ret->data + ret->len;
	le32_put(at, FRAME_MAGIC);
	at[4] = FRAME_HEAD;
	le32_put(at + 5, (uint32_t)len);
	at += FRAME_HEAD_LEN;
	do {
		size_t run = run_len(data, len), n = run >= RUN_LEN_MIN ? run : raw_len(data, len);
		bool is_run = run >= RUN_LEN_MIN;

		at = block_head_put(at, n == len, is_run ? BLOCK_RLE : BLOCK_RAW, n);
		if (n)
			memcpy(at, data, is_run ? 1 : n);
		at += is_run ? 1 : n;
		data += n;
		len -= n;
	} while (len);
	ret->len = (size_t)(at - ret->data);
	return 0;
}
