/* SPDX-License-Identifier: MIT */
/*
 * conn-samples: how a connection's congestion window, round-trip time and so on changed over time.
 * Each sample has a slot of its own until there is no room; then two neighbours become one, which
 * has the least, the greatest and the last value of both. So the whole life is covered, finely
 * where there were many samples.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

enum conn_quantity {
	CONN_CWND,	    /* congestion window, segments */
	CONN_SSTHRESH,	    /* slow start threshold, segments */
	CONN_SRTT_US,	    /* smoothed round-trip time */
	CONN_UNACKED_BYTES, /* sent and not acknowledged */
	CONN_SND_WND,	    /* the peer's receive window, bytes */
	CONN_RCV_WND,	    /* the receive window of this host, bytes */
	CONN_QUANTITIES,
};

struct conn_quantity_info {
	const char *key;   /* "cwnd" */
	const char *label; /* for people */
	const char *unit;  /* "segments", "us", "bytes" */
};
extern const struct conn_quantity_info conn_quantities[CONN_QUANTITIES];

/* The values at one time. */
struct conn_sample {
	uint64_t ts_ns;
	uint32_t known; /* bit 1 << enum conn_quantity */
	uint32_t values[CONN_QUANTITIES];
};

struct conn_sample_range {
	uint32_t least, most, last;
};

/* One sample, or several that follow each other. */
struct conn_sample_slot {
	uint64_t from_ns, until_ns; /* times of the first and the last */
	uint32_t n;
	uint32_t known; /* quantities that one of them has */
	struct conn_sample_range ranges[CONN_QUANTITIES];
};

struct conn_samples {
	struct conn_sample_slot *slots;
	size_t n, cap;
	uint64_t n_samples;
};

/* Slots of all connections together. */
struct conn_samples_room {
	size_t each; /* the most of one connection, an even number */
	size_t max, used;
	uint64_t n_refused; /* samples without room */
};

/* Adds a sample, or counts it where there is no room at all. One that comes too late gets the time
 * of the last one. 0 or -ENOMEM. */
int conn_samples_add(struct conn_samples *s, struct conn_samples_room *room,
		     const struct conn_sample *sample) MUST_CHECK;
/* Frees the slots, and gives their room back. */
void conn_samples_done(struct conn_samples *s, struct conn_samples_room *room);
