/* SPDX-License-Identifier: MIT */
/*
 * clock: CLOCK_MONOTONIC, which all records carry, against the wall clock.
 */
#pragma once

#include <stdint.h>

struct clock_pair {
	uint64_t mono_ns;
	int64_t real_ns;
	uint64_t
		window_ns; /* the wall clock was read within this much of mono_ns, half on each side */
	uint64_t error_ns; /* the kernel's estimate of the wall clock's error; UINT64_MAX: not
			       synchronised */
};

uint64_t clock_now(void); /* CLOCK_MONOTONIC */
/* The best of several tries. */
struct clock_pair clock_read_pair(void);
