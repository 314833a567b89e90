/* SPDX-License-Identifier: MIT */
/*
 * clock: reads CLOCK_MONOTONIC, which stamps all records, and compares it with the wall clock.
 */
#pragma once

#include <stdint.h>

struct clock_pair {
	uint64_t mono_ns;
	int64_t real_ns;
	/* Time between the two readings of CLOCK_MONOTONIC around that of the wall clock; mono_ns
	 * is their middle. */
	uint64_t window_ns;
	/* The kernel's bound on the wall clock's error; UINT64_MAX: the clock is not
	 * synchronised. */
	uint64_t error_ns;
};

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_now(void);
/* Reads both clocks several times and returns the pair with the smallest window. */
struct clock_pair clock_read_pair(void);
