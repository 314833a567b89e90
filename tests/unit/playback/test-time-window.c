// SPDX-License-Identifier: MIT
/* Tests of time-spec: what --since and --until mean on the tape's clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "playback/time-spec.h"

/* The recording began at 2026-11-21 10:32:00 UTC, at second 1000 of the tape clock. */
#define START_NS   (1000 * NSEC_PER_SEC)
#define START_REAL (1795257120 * (int64_t)NSEC_PER_SEC)

static int resolve(const char *typed, uint64_t after_ns, const struct clock_record *clock,
		   uint64_t first_ns, uint64_t *ret)
{
	struct clock_record clocks[1];
	struct tape_meta meta = {.clocks = clocks, .first_ns = first_ns};
	const struct time_spec spec = {
		.typed = typed, .is_relative = typed[0] == '+', .after_ns = after_ns};
	struct fault fault = FAULT_INIT;
	int r;

	if (clock) {
		clocks[0] = *clock;
		meta.n_clocks = 1;
	}
	r = time_spec_resolve(&spec, &meta, true, ret, &fault);
	assert_int_equal(r, fault.code);
	return r;
}

static const struct clock_record begun = {.mono_ns = START_NS, .real_ns = START_REAL};

static void test_relative_times_begin_with_the_recording(void **state)
{
	uint64_t ns = 0;

	assert_int_equal(resolve("+5s", 5 * NSEC_PER_SEC, &begun, 0, &ns), 0);
	assert_int_equal(ns, START_NS + 5 * NSEC_PER_SEC);
	/* Without a CLOCK they begin with the first row. */
	assert_int_equal(resolve("+5s", 5 * NSEC_PER_SEC, NULL, 77, &ns), 0);
	assert_int_equal(ns, 77 + 5 * NSEC_PER_SEC);
}

/* A tape may say anything of its start: a time after all times is the last one, not an early
 * one. */
static void test_relative_time_that_overflows_is_the_last_time(void **state)
{
	const struct clock_record late = {.mono_ns = UINT64_MAX - 10};
	uint64_t ns = 0;

	assert_int_equal(resolve("+5s", 5 * NSEC_PER_SEC, &late, 0, &ns), 0);
	assert_true(ns == UINT64_MAX);
	assert_int_equal(resolve("+10ns", 10, &late, 0, &ns), 0);
	assert_true(ns == UINT64_MAX);
	assert_int_equal(resolve("+9ns", 9, &late, 0, &ns), 0);
	assert_true(ns == UINT64_MAX - 1);
}

static void test_wall_times_need_a_clock(void **state)
{
	uint64_t ns = 0;

	assert_int_equal(resolve("10:32:07", 0, &begun, 0, &ns), 0);
	assert_int_equal(ns, START_NS + 7 * NSEC_PER_SEC);
	assert_int_equal(resolve("10:32:07", 0, NULL, START_NS, &ns), -EINVAL);
	assert_int_equal(resolve("soon", 0, &begun, 0, &ns), -EINVAL);
}

/* The tape clock has no time before the host was up. */
static void test_wall_time_before_the_host_was_up(void **state)
{
	uint64_t ns = 1;

	assert_int_equal(resolve("2020-01-01T00:00:00Z", 0, &begun, 0, &ns), 0);
	assert_int_equal(ns, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relative_times_begin_with_the_recording),
		cmocka_unit_test(test_relative_time_that_overflows_is_the_last_time),
		cmocka_unit_test(test_wall_times_need_a_clock),
		cmocka_unit_test(test_wall_time_before_the_host_was_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
