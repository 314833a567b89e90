/* SPDX-License-Identifier: MIT */
/*
 * attribution: which peer, network, port or destination a loss is attributed to: one that has most
 * of the loss, while all else is clean. Of several that do, it is the one with the least traffic.
 */
#pragma once

#include "gather/gathered.h"

#define LOSS_NOTICE_PPM	  1000u	  /* 0.1 % */
#define LOSS_WARNING_PPM  10000u  /* 1 % */
#define LOSS_CRITICAL_PPM 50000u  /* 5 % */
#define LOSS_EXPLAINS_PPM 800000u /* of the loss, at least */
#define LOSS_RESENT_MIN	  10u
#define LOSS_FEW_MIN	  5u /* enough where the rate is critical */
#define LOSS_CLEANER	  5u /* times cleaner all else must be */

/* Were most retransmissions spurious? Segments that arrived twice (DSACK, RFC 2883) point to delays
 * or reordering, and then the other retransmissions are weak evidence of loss, too. */
bool loss_is_spurious(const struct counters *s);
/* Is there enough loss to speak of? A few segments are, where the rate is very high. */
bool loss_is_bad(const struct counters *s);
/* Is the rest of the traffic so much cleaner that the difference means something? */
bool loss_is_apart(const struct rate *in, const struct rate *rest);

struct attribution {
	enum group_by by;
	const struct conn_group *group; /* NULL: nothing explains it */
	uint64_t whole;			/* the traffic of the group, in units of the rate's basis */
};

/* Looks at the total and the groups. */
struct attribution attribution_find(const struct gathered *in);
