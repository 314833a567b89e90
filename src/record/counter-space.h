/* SPDX-License-Identifier: MIT */
/*
 * counter-space: the readings of the counters of one network namespace, or of the host. It holds
 * the last reading, so that the next one can be written as differences.
 */
#pragma once

#include <stdbool.h>

#include "format/counter-values.h"
#include "record/batch.h"
#include "record/counter-names.h"

/* All values are written again after this time at the latest, so that what is lost with a damaged
 * section, or cut away, does not spoil more than that. */
#define COUNTER_SPACE_ALL_NS (60 * 1000000000ull)

struct counter_values {
	struct counter_value *items; /* in the order of the files */
	size_t n, cap;
};

/* {.netns = X} is valid: it was never read. */
struct counter_space {
	uint32_t netns;
	uint32_t n_readings;
	bool has_settings; /* they are on the tape, or cannot be had */
	uint64_t read_ns;  /* when it was last read */
	uint64_t all_ns;   /* when all its values were last written */
	struct counter_values last;
};

void counter_space_done(struct counter_space *s);
/* True if it was never read, or not for so long. */
static inline bool counter_space_is_due(const struct counter_space *s, uint64_t now,
					uint64_t period_ns)
{
	/* A reading of this turn is younger than `now`, the turn's beginning. */
	return !s->n_readings || now >= s->read_ns + period_ns;
}

/* One reading, on its way to the tape. It may be used for many readings, one after the other. */
struct counter_reading {
	struct counter_names *names;
	const struct counter_values *last; /* of the space that is being read */
	struct counter_values now, sorted;
	bool is_same_list; /* so far the same counters as in `last`, in the same order */
	struct buffer body;
};

void counter_reading_done(struct counter_reading *r);
/* Begins a reading of a space. */
void counter_reading_begin(struct counter_reading *r, const struct counter_space *s);
/* Forgets what was read since. */
void counter_reading_restart(struct counter_reading *r);
/* A counter_take_fn; userdata is the reading. */
int counter_reading_take(void *userdata, const char *name, size_t len, int64_t value) MUST_CHECK;
/* Writes the reading, which began at ts_ns and took so long: names that are new, and all values or
 * those that have changed. is_last: all values. A reading without any counter is none. 0 or
 * -ENOMEM. */
int counter_reading_write(struct counter_reading *r, struct counter_space *s, uint64_t ts_ns,
			  uint64_t took_ns, bool is_last, struct batch_records *ret) MUST_CHECK;
