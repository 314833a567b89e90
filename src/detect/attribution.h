/* SPDX-License-Identifier: MIT */
/*
 * attribution: what explains that data had to be sent again: the one peer, network, port or destination
 * that has most of it, while the rest is clean; of several the one with the least traffic.
 */
#pragma once

#include "gather/gathered.h"

#define LOSS_NOTICE_PPM	  1000u	  /* 0.1 % */
#define LOSS_WARNING_PPM  10000u  /* 1 % */
#define LOSS_CRITICAL_PPM 50000u  /* 5 % */
#define LOSS_EXPLAINS_PPM 800000u /* of all that was sent again */
#define LOSS_RESENT_MIN	  10u
#define LOSS_FEW_MIN	  5u /* enough where the rate is critical */
#define LOSS_CLEANER	  5u /* times, all else must be */

/* Segments that arrived twice were sent again for nothing (RFC 2883). Where most were, it is about
 * delays and reordering, and what is left is no better evidence of loss. */
bool loss_is_spurious(const struct counters *s);
/* Enough of it to speak of; a few are, where the rate is very high. */
bool loss_is_bad(const struct counters *s);
/* Is what is left, without these, so much cleaner that the difference means something? */
bool loss_is_apart(const struct rate *in, const struct rate *rest);

struct attribution {
	enum group_by dimension;
	const struct conn_group *group; /* NULL: none */
	uint64_t whole;			/* of its rate */
};

struct attribution attribution_find(const struct gathered *in);
