/* SPDX-License-Identifier: MIT */
/*
 * watermark: the time up to which all records are out of the rings. A record is stamped before it
 * is committed, and a virtual CPU may be stopped in between. So a drain guarantees only that
 * records are taken which are older than an earlier drain, one that began WATERMARK_SLACK_NS or
 * more before it. {0} is valid.
 */
#pragma once

#include <stdint.h>

#include "base/units.h"

#define WATERMARK_SLACK_NS (50 * NSEC_PER_MSEC)
#define WATERMARK_DRAINS   16u

struct watermark {
	uint64_t begins[WATERMARK_DRAINS]; /* when earlier drains began, some ms apart; a ring */
	unsigned int n;			   /* how many were ever stored in it */
	uint64_t complete_until;	   /* no row that is older will come */
};

/* Tells that a drain which began at this time has emptied every ring up to then. */
void watermark_drained(struct watermark *h, uint64_t began);
