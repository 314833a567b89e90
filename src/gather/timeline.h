/* SPDX-License-Identifier: MIT */
/*
 * timeline: how many of each kind happened in each interval of time. Intervals begin at multiples of
 * their width in wall time, where that is known; they start narrow, and are put together by steps
 * when a tape turns out to be long, so there are never many.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

enum timeline_series {
	TIMELINE_RTO,
	TIMELINE_FAST,
	TIMELINE_LOSS,
	TIMELINE_TLP,
	TIMELINE_SYN,
	TIMELINE_SYNACK,
	TIMELINE_OTHER,
	TIMELINE_FAILED,
	TIMELINE_RESETS_SENT,
	TIMELINE_RESETS_RECEIVED,
	TIMELINE_CONNECTS,
	TIMELINE_ACCEPTS,
	TIMELINE_CONNECT_FAILURES,
	TIMELINE_ESTABLISHED, /* a gauge: the most at a time */
	TIMELINE_N,
};

struct timeline_series_info {
	const char *key;
	const char *label;
	bool is_gauge;
	bool is_trouble;
};

extern const struct timeline_series_info timeline_series[TIMELINE_N];

#define TIMELINE_BUCKETS_MAX 1200u

struct timeline {
	uint64_t offset_ns; /* tape clock + this is aligned time; wraps round */
	unsigned int step;  /* of the table of widths */
	uint64_t first;	    /* number of the first interval since time 0 */
	size_t n;
	uint64_t (*values)[TIMELINE_N]; /* room for TIMELINE_BUCKETS_MAX */
	uint64_t level;			/* of the gauge, now */
	bool has_first;
};

/* offset_ns: what makes wall time of the tape clock; 0: unknown. 0 or -ENOMEM. */
int timeline_init(struct timeline *t, uint64_t offset_ns) MUST_CHECK;
void timeline_done(struct timeline *t);
uint64_t timeline_width_ns(const struct timeline *t);
/* Moments come in any order, but those before the first one count as it. */
void timeline_add(struct timeline *t, uint64_t ts_ns, enum timeline_series s, uint64_t n);
/* The gauge goes up or down; never below zero. Up to ts it stays as it was. */
void timeline_level(struct timeline *t, uint64_t ts_ns, int by);
/* The same, of a moment that is before all that is to be shown. */
void timeline_level_before(struct timeline *t, int by);
/* There are intervals up to this moment. */
void timeline_extend(struct timeline *t, uint64_t ts_ns);
/* Tape clock of the begin of the first interval; not before 0. */
uint64_t timeline_start_ns(const struct timeline *t);
