// SPDX-License-Identifier: MIT
/*
 * clock: pairs of readings from clocks that the test sets. clock_gettime(2) and adjtimex(2) are
 * replaced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/timex.h>
#include <time.h>

#include "kernel/clock.h"

/* Every reading advances the clocks by a step; one try is quicker than all others. */
static struct {
	int64_t now_ns;
	unsigned int n_readings;
	unsigned int quick_try;
	int state;
	int status;
} clocks;

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	bool is_quick = clocks.n_readings / 3 == clocks.quick_try;
	int64_t now;

	clocks.now_ns += is_quick ? 10 : 1000;
	clocks.n_readings++;
	/* The wall clock is 5 s ahead of the other one, and a second ago it was 6 s ahead. */
	now = clocks.now_ns + (clock == CLOCK_REALTIME ? is_quick ? 5000000000 : 6000000000 : 0);
	ts->tv_sec = now / 1000000000;
	ts->tv_nsec = now % 1000000000;
	return 0;
}

int __wrap_adjtimex(struct timex *tx);
int __wrap_adjtimex(struct timex *tx)
{
	tx->status = clocks.status;
	tx->maxerror = 250;
	return clocks.state;
}

static struct clock_pair read_pair(unsigned int quick_try, int state, int status)
{
	memset(&clocks, 0, sizeof(clocks));
	clocks.now_ns = 7000000000;
	clocks.quick_try = quick_try;
	clocks.state = state;
	clocks.status = status;
	return clock_read_pair();
}

static void test_clock_smallest_window_wins(void **state)
{
	for (unsigned int quick = 0; quick < 16; quick++) {
		struct clock_pair pair = read_pair(quick, TIME_OK, 0);

		assert_int_equal(pair.window_ns, 20);
		assert_int_equal(pair.real_ns - (int64_t)pair.mono_ns, 5000000000);
	}
}

/* adjtimex(2): the clock is not synchronised in state TIME_ERROR, or with STA_UNSYNC set. */
static void test_clock_error_only_of_a_synchronised_clock(void **state)
{
	assert_int_equal(read_pair(0, TIME_OK, 0).error_ns, 250000);
	assert_int_equal(read_pair(0, TIME_INS, STA_PLL).error_ns, 250000);
	assert_true(read_pair(0, TIME_ERROR, 0).error_ns == UINT64_MAX);
	assert_true(read_pair(0, TIME_OK, STA_UNSYNC).error_ns == UINT64_MAX);
	assert_true(read_pair(0, -1, 0).error_ns == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock_smallest_window_wins),
		cmocka_unit_test(test_clock_error_only_of_a_synchronised_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
