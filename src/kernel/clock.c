// SPDX-License-Identifier: MIT
/*
 * clock: reads the kernel's clocks. The scheduler may stop the recorder between the readings of a
 * pair, so clock_read_pair() tries several times and keeps the pair with the smallest window.
 */
#include "kernel/clock.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

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

uint64_t clock_thread_cpu(void)
{
	return (uint64_t)clock_get(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t clock_slept(void)
{
	uint64_t before = clock_now();
	uint64_t boot = (uint64_t)clock_get(CLOCK_BOOTTIME);
	uint64_t mono = before + (clock_now() - before) / 2;

	return boot > mono ? boot - mono : 0;
}

int clock_watch_open(void)
{
	/* A time that does not come: only the cancellation is of interest. */
	const struct itimerspec never = {.it_value.tv_sec = INT32_MAX};
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

void clock_watch_clear(int fd)
{
	uint64_t ticks;
	/* Fails with ECANCELED, once for each time that the clock was set. */
	ssize_t n = read(fd, &ticks, sizeof(ticks));

	(void)n;
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
