// SPDX-License-Identifier: MIT
#include "support/resum.h"

#include <string.h>

#include "base/bytes.h"
#include "format/section.h"

void resum_section(uint8_t *tape, size_t size, size_t at)
{
	uint8_t *h = tape + at;
	size_t left = size - at - TAPE_HEADER_LEN;
	uint32_t stored = le32_get(h + 24);

	if (stored <= left)
		le64_put(h + 48, section_sum(h + TAPE_HEADER_LEN, stored));
	le64_put(h + 56, section_sum(h, 56));
}

void resum_all(uint8_t *tape, size_t size)
{
	for (size_t at = 0; at + TAPE_HEADER_LEN <= size; at++) {
		if (!memcmp(tape + at, TAPE_MAGIC, TAPE_MAGIC_LEN))
			resum_section(tape, size, at);
	}
}
