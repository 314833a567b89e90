// SPDX-License-Identifier: MIT
#include "format/section.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <xxhash.h>

#include "base/bytes.h"

uint64_t section_sum(const void *data, size_t len)
{
	return XXH64(data, len, 0);
}

void section_header_encode(const struct section_header *h, uint8_t ret[TAPE_HEADER_LEN])
{
	memcpy(ret, TAPE_MAGIC, TAPE_MAGIC_LEN);
	le16_put(ret + 8, h->kind);
	ret[10] = h->version;
	ret[11] = h->codec;
	le32_put(ret + 12, h->sequence);
	le32_put(ret + 16, h->subject);
	le32_put(ret + 20, h->count);
	le32_put(ret + 24, h->stored_len);
	le32_put(ret + 28, h->raw_len);
	le64_put(ret + 32, h->time_from);
	le64_put(ret + 40, h->time_to);
	le64_put(ret + 48, h->payload_sum);
	le64_put(ret + 56, section_sum(ret, 56));
}

static struct section_header fields_get(const uint8_t raw[TAPE_HEADER_LEN])
{
	return (struct section_header){
		.kind = le16_get(raw + 8),
		.version = raw[10],
		.codec = raw[11],
		.sequence = le32_get(raw + 12),
		.subject = le32_get(raw + 16),
		.count = le32_get(raw + 20),
		.stored_len = le32_get(raw + 24),
		.raw_len = le32_get(raw + 28),
		.time_from = le64_get(raw + 32),
		.time_to = le64_get(raw + 40),
		.payload_sum = le64_get(raw + 48),
	};
}

static bool lengths_hold(const struct section_header *h)
{
	if (h->stored_len > TAPE_STORED_MAX || h->raw_len > TAPE_RAW_MAX)
		return false;
	return h->codec != TAPE_CODEC_NONE || h->stored_len == h->raw_len;
}

int section_header_decode(const uint8_t raw[TAPE_HEADER_LEN], struct section_header *ret,
			  struct fault *fault)
{
	struct section_header h;

	if (memcmp(raw, TAPE_MAGIC, TAPE_MAGIC_LEN))
		return fault_set(fault, -EBADMSG, "no section starts here");
	if (le64_get(raw + 56) != section_sum(raw, 56))
		return fault_set(fault, -EBADMSG, "section header with a wrong sum");
	h = fields_get(raw);
	if (h.version != TAPE_VERSION) {
		*ret = h;
		return fault_set(fault, -ENOTSUP,
				 "tape is version %u; this tcptape reads version %d: "
				 "use a newer tcptape",
				 h.version, TAPE_VERSION);
	}
	if (h.codec != TAPE_CODEC_NONE && h.codec != TAPE_CODEC_ZSTD)
		return fault_set(fault, -EBADMSG, "section with unknown codec %u", h.codec);
	if (!lengths_hold(&h))
		return fault_set(fault, -EBADMSG, "section with impossible lengths %u and %u",
				 h.stored_len, h.raw_len);
	*ret = h;
	return 0;
}
