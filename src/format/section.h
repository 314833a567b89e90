/* SPDX-License-Identifier: MIT */
/*
 * section: encodes and decodes the 64-byte header of a section (layout.h).
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

/* The checksum that a header holds of itself and of its payload: XXH64 with seed 0. */
uint64_t section_sum(const void *data, size_t len);
/* Writes the header with its magic and its header_sum. */
void section_header_encode(const struct section_header *h, uint8_t ret[TAPE_HEADER_LEN]);
/*
 * 0; -EBADMSG if the magic or the sum is wrong, a length is above its limit, or the codec is
 * unknown; -ENOTSUP if the header is whole but of another version: then *ret is filled, too.
 */
int section_header_decode(const uint8_t raw[TAPE_HEADER_LEN], struct section_header *ret,
			  struct fault *fault) MUST_CHECK;
