/* SPDX-License-Identifier: MIT */
/*
 * watermark: the time up to which all records are out of the rings. A record gets its time before
 * it is committed to the ring, and a virtual CPU may be stopped in between. So a complete drain
 * proves only this: all records are taken that are older than an earlier drain which began at least
 * WATERMARK_SLACK_NS before it. {0} is valid.
 */
#pragma once

#include <stdint.h>

#include "base/units.h"

#define WATERMARK_SLACK_NS (50 * NSEC_PER_MSEC)
#define WATERMARK_DRAINS   16u

struct watermark {
	uint64_t begins[WATERMARK_DRAINS]; /* start times of earlier drains; a circular buffer */
	unsigned int n;			   /* start times ever stored in begins */
	uint64_t complete_until;	   /* no row older than this time will come */
};

/* Updates complete_until after a complete drain that began at this time. */
void watermark_drained(struct watermark *h, uint64_t began);
