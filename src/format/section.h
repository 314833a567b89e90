/* SPDX-License-Identifier: MIT */
/*
 * section: the 64-byte section header, encoded and decoded. See layout.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "format/layout.h"

struct section_header {
	uint16_t kind;
	uint8_t version;
	uint8_t codec;
	uint32_t sequence;
	uint32_t subject;
	uint32_t count;
	uint32_t stored_len;
	uint32_t raw_len;
	uint64_t time_from;
	uint64_t time_to;
	uint64_t payload_sum;
};

uint64_t section_sum(const void *data, size_t len);
/* Writes the header with magic and header_sum. */
void section_header_encode(const struct section_header *h, uint8_t ret[TAPE_HEADER_LEN]);
/*
 * 0; -EBADMSG: magic or sum is wrong, or a length is above its limit, or the codec is unknown;
 * -ENOTSUP: the header is whole, but of another version. *ret is filled with -ENOTSUP too.
 */
int section_header_decode(const uint8_t raw[TAPE_HEADER_LEN], struct section_header *ret,
			  struct fault *fault) MUST_CHECK;
