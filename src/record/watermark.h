/* SPDX-License-Identifier: MIT */
/*
 * watermark: up to which moment everything is out of the rings. A record is stamped before it is
 * committed, and a virtual CPU may be stopped in between; so a drain vouches only for what is
 * older than an earlier drain that began WATERMARK_SLACK_NS before it. {0} is a valid empty one.
 */
#pragma once

#include <stdint.h>

#include "base/units.h"

#define WATERMARK_SLACK_NS (50 * NSEC_PER_MSEC)
#define WATERMARK_DRAINS   16u

struct watermark {
	uint64_t begins[WATERMARK_DRAINS]; /* of earlier drains, at least some ms apart */
	unsigned int n;			   /* stored ever */
	uint64_t complete_until;	   /* no older row will come */
};

/* A drain that began at this moment has emptied every ring up to then. */
void watermark_drained(struct watermark *h, uint64_t began);
