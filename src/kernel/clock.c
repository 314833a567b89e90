// SPDX-License-Identifier: MIT
/*
 * clock: reads the kernel's clocks. The scheduler may stop the recorder between the readings of a
 * pair, so clock_read_pair() tries several times and keeps the pair with the smallest window.
 */
#include "kernel/clock.h"

#include <sys/timex.h>
#include <time.h>

#include "base/units.h"

#define TRIES 16

static int64_t clock_get(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * (int64_t)NSEC_PER_SEC + ts.tv_nsec;
}

uint64_t clock_now(void)
{
	return (uint64_t)clock_get(CLOCK_MONOTONIC);
}

struct clock_pair clock_read_pair(void)
{
	struct clock_pair best = {.window_ns = UINT64_MAX, .error_ns = UINT64_MAX};
	struct timex tx = {0};
	int state;

	for (int i = 0; i < TRIES; i++) {
		uint64_t before = clock_now();
		int64_t real = clock_get(CLOCK_REALTIME);
		uint64_t after = clock_now();

		if (after - before >= best.window_ns)
			continue;
		best.window_ns = after - before;
		best.mono_ns = before + (after - before) / 2;
		best.real_ns = real;
	}
	state = adjtimex(&tx);
	if (state >= 0 && state != TIME_ERROR && !(tx.status & STA_UNSYNC))
		best.error_ns = (uint64_t)tx.maxerror * NSEC_PER_USEC;
	return best;
}
