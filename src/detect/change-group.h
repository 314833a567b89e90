/* SPDX-License-Identifier: MIT */
/*
 * change-group: what is counted of a group on the two tapes that are compared.
 */
#pragma once

#include "gather/gathered.h"

enum change_metric {
	CHANGE_RETRANS,
	CHANGE_TIMEOUTS,
	CHANGE_FAILURES, /* attempts to connect that failed */
	CHANGE_RESETS,
	CHANGE_SYNACKS,
	CHANGE_CONNECTIONS,
	CHANGE_METRICS,
};

/* How often something happened on one of the tapes, and out of how many occasions. */
struct change_side {
	uint64_t n;
	double exposure; /* segments, attempts, connections; 0: no traffic, or not known */
};

struct change_count {
	struct change_side sides[2]; /* before, after */
};

/* The segments that were sent: by struct tcp_info, pure acknowledgements included, or else
 * estimated by the bytes of calls. */
double change_segments(const struct counters *s);
/* Adds the counters of a tape, or of a group of it, to one side of counts[CHANGE_METRICS]. */
void change_counts_add(struct change_count *counts, unsigned int side, const struct counters *s);

/* A group of either tape or both, matched by its key; a process by its name alone, and a port that
 * only one of the tapes has by the name of the program. */
struct change_group {
	struct group_key key; /* must be the first member, for struct groups */
	struct change_count counts[CHANGE_METRICS];
	bool is_on[2];	      /* the tape has the group */
	char comm[16];	      /* of a port that this host serves: the program; "": unknown */
	uint16_t port_before; /* the busiest one, where the program had others; 0: the same */
	uint64_t twin_resets; /* RSTs on both tapes whose other end is on the same tape */
};
