/* SPDX-License-Identifier: MIT */
/*
 * clock: how a time on a tape's clock becomes wall time. The room that reads the tape provides it,
 * and the rooms that show times use it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tape_clock {
	/* Wall time, in nanoseconds since 1970 UTC, of a time on the tape's clock. False where the
	 * tape does not know it: times are then shown relative to the start. */
	bool (*wall)(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns);
	/* The tape's start, for times that are relative to it. */
	uint64_t (*start)(void *userdata);
	void *userdata;
};

/* The tape's start; `unknown` where the clock cannot tell. */
static inline uint64_t tape_clock_start(const struct tape_clock *c, uint64_t unknown)
{
	return c->start ? c->start(c->userdata) : unknown;
}

/* Wall time of a time on the tape's clock; false where the clock cannot tell. */
static inline bool tape_clock_wall(const struct tape_clock *c, uint64_t ts_ns, int64_t *ret_real_ns)
{
	return c->wall && c->wall(c->userdata, ts_ns, ret_real_ns);
}
