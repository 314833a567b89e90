/* SPDX-License-Identifier: MIT */
/*
 * wall-clock: which wall time the host had at a time of the tape clock. The two clocks run side by
 * side, at the same rate, until somebody sets the wall clock or the host sleeps. So the time of a
 * recording consists of stretches, in each of which their difference is constant.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "format/records.h"

struct wall_stretch {
	uint64_t from_ns;   /* tape clock; the first stretch holds before this, too */
	uint64_t offset_ns; /* wall clock minus tape clock, modulo 2^64 */
	uint64_t window_ns; /* of the CLOCK record that it was taken from */
};

struct wall_clock {
	struct wall_stretch *stretches; /* in order of time; in an arena */
	size_t n;
};

/*
 * Takes the next CLOCK record, whose mono_ns is not less than that of the record before. A record
 * whose difference is that of the last stretch, as far as the windows of the two records allow,
 * begins none. It holds from its mono_ns on, but not before rows_end_ns: rows before that stand
 * before it on the tape, and a reader of a stream has shown them. 0 or -ENOMEM.
 */
int wall_clock_take(struct wall_clock *w, struct arena *arena, const struct clock_record *record,
		    uint64_t rows_end_ns) MUST_CHECK;
/* The end of rows of which the youngest is this old; 0: there are none. */
static inline uint64_t wall_clock_rows_end(uint64_t last_ns)
{
	return last_ns && last_ns < UINT64_MAX ? last_ns + 1 : last_ns;
}
/* The wall time, since 1970 UTC, at a time of the tape clock. False if there is no stretch. */
bool wall_clock_at(const struct wall_clock *w, uint64_t ts_ns, int64_t *ret_real_ns);
/* By how much the wall clock was ahead of where it would have been, at the beginning of a stretch
 * but the first. */
int64_t wall_clock_step(const struct wall_clock *w, size_t stretch);
/* The end of a stretch: where the next one begins. UINT64_MAX: it has no end. */
uint64_t wall_clock_end(const struct wall_clock *w, size_t stretch);
