// SPDX-License-Identifier: MIT
/* Tests of clock-steps: what of a step of the wall clock is a sleep of the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/units.h"
#include "playback/clock-steps.h"

/* 2026-11-21 10:00:00 UTC */
#define BEFORE_NS (1795255200 * (int64_t)NSEC_PER_SEC)

static struct clock_step step_of(uint64_t slept_ns, int64_t moved_ns)
{
	return (struct clock_step){
		.before_ns = BEFORE_NS, .after_ns = BEFORE_NS + moved_ns, .slept_ns = slept_ns};
}

/* The two clocks are not read at the same time: ten milliseconds beside a sleep are no setting. */
static void test_a_sleep_is_no_setting(void **state)
{
	static const struct {
		uint64_t slept_s;
		int64_t moved_ms, set_ms;
	} cases[] = {
		{60, 60000, 0},	  {60, 60010, 0},  {60, 59990, 0}, {60, 60011, 11},
		{60, 59989, -11}, {60, 0, -60000}, {0, 10, 10},	   {0, -3600, -3600},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct clock_step s = step_of(cases[i].slept_s * NSEC_PER_SEC,
					      cases[i].moved_ms * (int64_t)NSEC_PER_MSEC);

		assert_int_equal(clock_step_set_ns(&s), cases[i].set_ms * (int64_t)NSEC_PER_MSEC);
	}
}

static void expect_text(uint64_t slept_s, int64_t moved_s, const char *want)
{
	struct clock_step s = step_of(slept_s * NSEC_PER_SEC, moved_s * (int64_t)NSEC_PER_SEC);
	struct text t CLEANUP(text_done) = {0};

	clock_step_text(&s, true, &t);
	assert_string_equal(text_cstr(&t), want);
}

static void test_words_of_a_step(void **state)
{
	expect_text(60, 60,
		    "the host slept for 01m 00s, from 2026-11-21 10:00:00 UTC to 2026-11-21 "
		    "10:01:00 UTC");
	expect_text(60, 30,
		    "the host slept for 01m 00s, and the wall clock was set back by 30.000 s, from "
		    "2026-11-21 10:00:00 UTC to 2026-11-21 10:00:30 UTC");
	expect_text(0, 30,
		    "the wall clock was set forward by 30.000 s, from 2026-11-21 10:00:00 UTC to "
		    "2026-11-21 10:00:30 UTC");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sleep_is_no_setting),
		cmocka_unit_test(test_words_of_a_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
