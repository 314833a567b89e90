/* SPDX-License-Identifier: MIT */
/*
 * book: what the kernel's counters did during a recording. It takes the readings of a tape one
 * after the other, in bounded memory: of each counter it keeps what it was at the start and the
 * end, how much it grew, when it grew fastest, and a curve.
 *
 * For a detector:
 *
 *     struct counter_change c;
 *
 *     if (counter_book_get(book, "TcpExt.ListenOverflows", &c) && c.grew)
 *             ... "overflowed %llu times, at most %llu a second at %s", c.grew, c.worst_per_s,
 *             c.worst_to_ns
 *
 * False is returned for a counter that the tape does not have, which is not the same as 0. Names
 * are explained in counter/meaning.h and FORMAT.md, section 7.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct tape_meta;
struct counter_book;

/* Points of a curve. */
#define COUNTER_CURVE_MAX 64u

/* What a counter did: summed over all network namespaces that were read, or of one of them. */
struct counter_change {
	const char *name;
	uint64_t grew; /* the sum of all that it went up by */
	uint64_t fell; /* and down: 0 for what only counts */
	int64_t first, last;
	int64_t most; /* the largest value that was read; of namespaces: of their sum */
	/* Where it grew fastest: between two readings of one namespace, which mostly are a second
	 * apart. 0, 0, 0: it never grew. */
	uint64_t worst_per_s, worst_from_ns, worst_to_ns;
	size_t n_spaces; /* namespaces that were read at least twice, and have it */
	/* By time, COUNTER_CURVE_MAX points: what it grew by, or its largest value if it is a gauge
	 * (counter/meaning.h). NULL: it never changed. */
	const uint64_t *curve;
	bool is_of_host; /* there is one for the whole host */
};

/* The metadata is borrowed, and has the names. 0 or -ENOMEM. */
int counter_book_new(const struct tape_meta *meta, struct counter_book **ret) MUST_CHECK;
struct counter_book *counter_book_free(struct counter_book *b);
DEFINE_CLEANUP(struct counter_book, counter_book_free);

/* What happens from now on counts only if both readings are in this time (0, UINT64_MAX: all). */
void counter_book_window(struct counter_book *b, uint64_t since_ns, uint64_t until_ns);
/* Takes the payload of a COUNTERS section that was checked. 0 or -ENOMEM. */
int counter_book_take(struct counter_book *b, const void *payload, size_t len) MUST_CHECK;

/* True if the tape has readings. */
bool counter_book_has_readings(const struct counter_book *b);
/* What a counter did. False: it was not read, or not twice. */
bool counter_book_get(const struct counter_book *b, const char *name, struct counter_change *ret);
/* The same of one network namespace, by its inode (0: the host); it has no curve. */
bool counter_book_get_of(const struct counter_book *b, uint32_t netns, const char *name,
			 struct counter_change *ret);
/* Counter number i of those that were read, in no particular order. False: there are no more.
 * Those for which counter_book_get() would be false are passed over: *i grows. */
bool counter_book_next(const struct counter_book *b, size_t *i, struct counter_change *ret);

/* A setting of the kernel in a network namespace (0: of the host) when the recording began. NULL:
 * not known. */
const char *counter_book_setting(const struct counter_book *b, uint32_t netns, const char *name);

/* One network namespace, or the host (netns 0). */
struct counter_space_info {
	uint32_t netns;
	uint64_t n_readings;
	uint64_t first_ns, last_ns; /* when it was read */
	uint64_t longest_ns;	    /* between two readings */
	bool has_before, has_after; /* a reading from before the events were enabled; after */
};
size_t counter_book_n_spaces(const struct counter_book *b);
struct counter_space_info counter_book_space(const struct counter_book *b, size_t i);

/* The time between two points of curves, and the time of their first point. */
void counter_book_scale(const struct counter_book *b, uint64_t *ret_from_ns, uint64_t *ret_step_ns,
			size_t *ret_n);
/* Namespaces for which there was no room. */
size_t counter_book_left_out(const struct counter_book *b);

/*
 * How much a counter grew while events were recorded, over all namespaces: at least from the first
 * reading after they were enabled to the last one before they were disabled, and at most from the
 * reading before to the one after. Values that a counter fell by do not count. False: unknown.
 */
struct counter_bounds {
	uint64_t least, most;
	bool has_most;	 /* every namespace was read before and after */
	size_t n_spaces; /* namespaces that have the counter */
};
bool counter_book_bounds(const struct counter_book *b, const char *name,
			 struct counter_bounds *ret);
