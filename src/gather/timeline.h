/* SPDX-License-Identifier: MIT */
/*
 * timeline: counts of several kinds of events in each interval of time. Intervals begin at
 * multiples of their width, in wall time where that is known. They are narrow at first; when a tape
 * turns out to be long they are merged, so that there are never more than TIMELINE_BUCKETS_MAX.
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
	TIMELINE_ESTABLISHED, /* a gauge: the most connections at a time in the interval */
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
	uint64_t offset_ns; /* aligned time less tape clock; it may wrap round */
	unsigned int step;  /* index of the width in the table of widths */
	uint64_t first;	    /* number of the first interval, counted from aligned time 0 */
	size_t n;
	uint64_t (*values)[TIMELINE_N]; /* room for TIMELINE_BUCKETS_MAX */
	uint64_t level;			/* current value of the gauge */
	bool has_first;
};

/* offset_ns is wall time less tape clock; 0: unknown. Returns 0 or -ENOMEM. */
int timeline_init(struct timeline *t, uint64_t offset_ns) MUST_CHECK;
void timeline_done(struct timeline *t);
uint64_t timeline_width_ns(const struct timeline *t);
/* Adds n events of a series. Times may come in any order; times before the first interval count in
 * the first interval. */
void timeline_add(struct timeline *t, uint64_t ts_ns, enum timeline_series s, uint64_t n);
/* Takes one event of a series back that was added with this time. */
void timeline_take(struct timeline *t, uint64_t ts_ns, enum timeline_series s);
/* Raises the gauge by one at ts_ns, or lowers it if `by` is negative, but never below zero. */
void timeline_level(struct timeline *t, uint64_t ts_ns, int by);
/* Does the same for a change before the first interval. */
void timeline_level_before(struct timeline *t, int by);
/* Extends the timeline with intervals up to this time. */
void timeline_extend(struct timeline *t, uint64_t ts_ns);
/* The time by the tape's clock at which the first interval begins; 0 if it would be negative. */
uint64_t timeline_start_ns(const struct timeline *t);
