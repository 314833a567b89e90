// SPDX-License-Identifier: MIT
#include "tape/payload.h"

#include <errno.h>
#include <string.h>

/* Makes the buffer len bytes long. Even an empty buffer gets memory, so that its data is not
 * NULL. */
static int buffer_resize(struct buffer *b, size_t len)
{
	buffer_clear(b);
	if (buffer_reserve(b, len + 1) < 0)
		return -ENOMEM;
	b->len = len;
	return 0;
}

int payload_read(const struct source *s, uint64_t at, const struct section_header *h,
		 struct buffer *ret)
{
	if (buffer_resize(ret, h->stored_len) < 0)
		return -ENOMEM;
	if (source_read_at(s, at + TAPE_HEADER_LEN, ret->data, ret->len) != (ssize_t)ret->len)
		return -EBADMSG;
	return section_sum(ret->data, ret->len) == h->payload_sum ? 0 : -EBADMSG;
}

int payload_load(const struct source *s, uint64_t at, uint16_t kind, struct section_header *ret,
		 struct buffer *ret_stored)
{
	uint8_t bytes[TAPE_HEADER_LEN];
	int r;

	if (source_read_at(s, at, bytes, sizeof(bytes)) != sizeof(bytes) ||
	    section_header_decode(bytes, ret, NULL) < 0 || ret->kind != kind)
		return 0;
	r = payload_read(s, at, ret, ret_stored);
	if (r < 0)
		return r == -EBADMSG ? 0 : r;
	return 1;
}

int payload_expand(struct expander *e, const struct section_header *h, const uint8_t *stored,
		   struct buffer *ret, struct fault *fault)
{
	bool is_packed = h->codec != TAPE_CODEC_NONE;
	int r;

	if (is_packed && !expander_fits(stored, h->stored_len, h->raw_len))
		return fault_set(fault, -EBADMSG,
				 "not one zstd frame of the length it should have");
	r = buffer_resize(ret, h->raw_len);
	if (r < 0)
		return fault_no_memory(fault);
	if (is_packed)
		return expander_run(e, stored, h->stored_len, ret->data, ret->len, fault);
	memcpy(ret->data, stored, ret->len);
	return 0;
}
