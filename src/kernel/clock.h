/* SPDX-License-Identifier: MIT */
/*
 * clock: reads CLOCK_MONOTONIC, which stamps all records, compares it with the wall clock, notices
 * when the wall clock is set, and reads what CPU time a thread has taken.
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
/* CPU time of the calling thread, in nanoseconds, the kernel's work for it included. */
uint64_t clock_thread_cpu(void);
/* Reads both clocks several times and returns the pair with the smallest window. */
struct clock_pair clock_read_pair(void);

/* How long the host has slept since it was booted: by that much CLOCK_BOOTTIME is ahead of
 * CLOCK_MONOTONIC, which stands still while the host sleeps. */
uint64_t clock_slept(void);

/*
 * A descriptor that becomes readable when somebody sets the wall clock, a leap second is inserted,
 * or the host wakes from a sleep: whatever changes CLOCK_REALTIME minus CLOCK_MONOTONIC
 * (TFD_TIMER_CANCEL_ON_SET of timerfd_create(2)). -errno.
 */
int clock_watch_open(void);
/* Makes it wait for the next time. */
void clock_watch_clear(int fd);
