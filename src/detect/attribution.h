/* SPDX-License-Identifier: MIT */
/*
 * attribution: finds the peer, network, port or destination that a loss is attributed to, or else
 * the container. It has most of the loss, while all other traffic is far cleaner. If several
 * qualify, it is the one with the least traffic.
 */
#pragma once

#include "gather/gathered.h"

#define LOSS_NOTICE_PPM	  1000u	  /* 0.1 % */
#define LOSS_WARNING_PPM  10000u  /* 1 % */
#define LOSS_CRITICAL_PPM 50000u  /* 5 % */
#define LOSS_EXPLAINS_PPM 800000u /* of the loss, at least */
#define LOSS_RESENT_MIN	  10u
#define LOSS_FEW_MIN	  RATE_RESENT_MIN /* enough where the rate is critical */
#define LOSS_CLEANER	  5u		  /* times cleaner all else must be */

/* True if half of the retransmitted bytes or more were spurious. Segments that arrived twice
 * (DSACK, RFC 2883) point to delays or reordering, and then the other retransmissions are weak
 * evidence of loss, too. */
bool loss_is_spurious(const struct counters *s);
/* True if there is enough loss for a finding. At a very high rate a few segments are enough. */
bool loss_is_bad(const struct counters *s);
/* True if the rest of the traffic is so much cleaner that the difference is meaningful. */
bool loss_is_apart(const struct rate *in, const struct rate *rest);

struct attribution {
	enum group_by by;
	const struct conn_group *group; /* NULL: no group explains the loss */
	uint64_t whole;			/* the traffic of the group, in units of the rate's basis */
};

/* Finds the group that explains the loss in the total. */
struct attribution attribution_find(const struct gathered *in);
/* The group of a kind that has LOSS_EXPLAINS_PPM or more of what `count` counts, of which there are
 * n in all; NULL: none has. */
const struct conn_group *attribution_main(const struct gathered *in, enum group_by by,
					  uint64_t (*count)(const struct counters *s), uint64_t n);
