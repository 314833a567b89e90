/* SPDX-License-Identifier: MIT */
/* book-state: the state of a counter book. Private to the files of the book. */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "counter/book.h"
#include "tape/meta.h"

/* The readings that bound the time in which events were recorded most closely. */
enum book_moment { BOOK_BEFORE, BOOK_FROM, BOOK_TO, BOOK_AFTER, BOOK_MOMENTS };

/* Where a counter grew fastest. */
struct book_worst {
	uint64_t per_s, from_ns, to_ns; /* 0, 0, 0: it never grew */
};

/* A counter of one space. */
struct book_cell {
	int64_t value;	     /* of the last reading */
	int64_t first, last; /* of the first one that counts, and the last one */
	int64_t most;	     /* of those that count */
	struct book_worst worst;
	uint64_t grew, fell;
	uint64_t at[BOOK_MOMENTS]; /* what it had grown by, at these readings */
	uint32_t number;	   /* of the last reading that has it in its list */
	bool is_there;		   /* the last reading of all had it */
	bool is_moving;		   /* there was a reading after the first one that counts */
};

struct book_space {
	uint32_t netns;
	uint32_t number;	 /* of the last reading */
	bool is_known;		 /* the values are those of the last reading */
	uint64_t read_ns;	 /* of the last reading whose values are known */
	struct book_cell *cells; /* by counter */
	size_t n, cap;
	bool is_in, is_over; /* it was read after the events were enabled; disabled */
	struct counter_space_info info;
};

/* A counter, over all spaces. */
struct book_sum {
	bool is_of_host, is_gauge, is_read;
	int64_t now, most;
	struct book_worst worst;
	uint64_t *curve; /* NULL: it never changed */
};

struct counter_book {
	const struct tape_meta *meta;
	struct book_space *spaces;
	size_t n_spaces, cap_spaces, n_left_out;
	struct map by_netns;   /* inode -> place in spaces + 1 */
	struct book_sum *sums; /* by counter */
	size_t n_sums, cap_sums;
	size_t n_curves;
	uint64_t curve_from_ns, curve_step_ns;
	size_t n_points;    /* of each curve, so far */
	struct arena arena; /* of the curves */
	size_t bytes;	    /* of all cells */
	uint64_t since_ns, until_ns;
	bool has_readings;
	size_t n_settings_seen;
	uint64_t enabled_ns, disabled_ns; /* UINT64_MAX: not known */
};
