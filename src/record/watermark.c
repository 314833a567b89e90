// SPDX-License-Identifier: MIT
/*
 * watermark: remembers the start times of the last drains.
 */
#include "record/watermark.h"

/* A drain that began less than this after the last stored one is not stored. The sixteen stored
 * drains therefore span at least 120 ms, more than the slack. */
#define APART_NS (8 * NSEC_PER_MSEC)

void watermark_drained(struct watermark *h, uint64_t began)
{
	unsigned int kept = h->n < WATERMARK_DRAINS ? h->n : WATERMARK_DRAINS;

	for (unsigned int i = 1; i <= kept; i++) {
		uint64_t earlier = h->begins[(h->n - i) % WATERMARK_DRAINS];

		if (earlier + WATERMARK_SLACK_NS > began)
			continue;
		if (earlier > h->complete_until)
			h->complete_until = earlier;
		break;
	}
	if (h->n && began < h->begins[(h->n - 1) % WATERMARK_DRAINS] + APART_NS)
		return;
	h->begins[h->n++ % WATERMARK_DRAINS] = began;
}
