/* SPDX-License-Identifier: MIT */
/*
 * clock: how a time on a tape's clock becomes wall time. The room that reads the tape provides it,
 * and the rooms that show times use it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tape_clock {
	/* Converts a time on the tape's clock to wall time, in nanoseconds since 1970 UTC. False:
	 * the tape does not have the wall time, and times are shown relative to the start. */
	bool (*wall)(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns);
	/* The start of the tape, on its clock. */
	uint64_t (*start)(void *userdata);
	void *userdata;
};

/* The start of the tape, on its clock; `unknown` if the clock is not known. */
static inline uint64_t tape_clock_start(const struct tape_clock *c, uint64_t unknown)
{
	return c->start ? c->start(c->userdata) : unknown;
}

/* Converts a time on the tape's clock to wall time. False: the wall time is not known. */
static inline bool tape_clock_wall(const struct tape_clock *c, uint64_t ts_ns, int64_t *ret_real_ns)
{
	return c->wall && c->wall(c->userdata, ts_ns, ret_real_ns);
}
