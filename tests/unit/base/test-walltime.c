// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <time.h>

#include "base/units.h"
#include "base/walltime.h"

#define NOON 1763720527123456789LL /* 2025-11-21T10:22:07.123456789Z */

/* Here the time of day is two hours ahead of UTC. */
static int zone_set(void **state)
{
	setenv("TZ", "XYZ-2", 1);
	tzset();
	return 0;
}

/* Before 1970 the fraction counts forward, too. */
static void test_seconds_are_rounded_down(void **state)
{
	struct text a CLEANUP(text_done) = {0}, b CLEANUP(text_done) = {0};
	struct text c CLEANUP(text_done) = {0};

	walltime_rfc3339(&a, -1);
	assert_string_equal(text_cstr(&a), "1969-12-31T23:59:59.999999999Z");
	walltime_rfc3339(&b, -(int64_t)NSEC_PER_SEC);
	assert_string_equal(text_cstr(&b), "1969-12-31T23:59:59.000000000Z");
	walltime_clock(&c, -250000000, true, 2);
	assert_string_equal(text_cstr(&c), "23:59:59.75");
}

static void test_times_for_people(void **state)
{
	struct text t CLEANUP(text_done) = {0};

	walltime_clock(&t, NOON, true, 0);
	text_char(&t, '|');
	walltime_clock(&t, NOON, false, 3);
	text_char(&t, '|');
	walltime_clock(&t, NOON, true, 9);
	text_char(&t, '|');
	walltime_date(&t, NOON, true);
	text_char(&t, '|');
	walltime_date(&t, NOON, false);
	assert_string_equal(text_cstr(&t), "10:22:07|12:22:07.123|10:22:07.123456789|"
					   "2025-11-21 10:22:07 UTC|2025-11-21 12:22:07 XYZ");
}

static void expect(const char *s, bool utc, int64_t ns)
{
	int64_t got;

	assert_int_equal(walltime_parse(s, NOON, utc, &got), 0);
	assert_true(got == ns);
}

static void test_times_that_people_write(void **state)
{
	const int64_t second = (int64_t)NSEC_PER_SEC, hour = 3600 * second;
	const int64_t whole = NOON / second * second;

	/* Without a zone a time is local, or UTC if that is asked for. */
	expect("2025-11-21T10:22:07", true, whole);
	expect("2025-11-21 12:22:07", false, whole);
	expect("12:22:07", false, whole);
	/* A zone that is written counts, whatever is asked for. */
	expect("2025-11-21T10:22:07Z", false, whole);
	expect("2025-11-21T12:22:07+0200", true, whole);
	expect("2025-11-21T07:52:07-02:30", false, whole);
	expect("2025-11-22T00:22:07+14:00", true, whole);
	/* A time without seconds begins its minute, and a fraction may have any length. */
	expect("2025-11-21T10:22", true, whole - 7 * second);
	expect("10:22:07.25", true, whole + 250000000);
	expect("10:22:07.1234567899", true, NOON);
	expect("00:00:00", true, whole - 10 * hour - 22 * 60 * second - 7 * second);
	expect("23:59:59", true, whole + 13 * hour + 37 * 60 * second + 52 * second);
}

static void test_times_that_are_none(void **state)
{
	static const char *const bad[] = {
		"",
		"10",
		"24:00",
		"10:60",
		"10:22:61",
		"10:22:07.",
		"10:22:",
		"1:22",
		"10:22Z",
		"10:22x",
		"2025-13-01T10:22",
		"2025-11-32T10:22",
		"2025-11-21",
		"2025-11-21x10:22",
		"2025-11-21T10:22+15",
		"2025-11-21T10:22+15:00",
		"2025-11-21T10:22+1",
		"2025-11-21T10:22+01:60",
		"2025-1-21T10:22",
		"9999-01-01T00:00",
	};
	int64_t ns;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(walltime_parse(bad[i], NOON, true, &ns), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seconds_are_rounded_down),
		cmocka_unit_test(test_times_for_people),
		cmocka_unit_test(test_times_that_people_write),
		cmocka_unit_test(test_times_that_are_none),
	};

	return cmocka_run_group_tests(tests, zone_set, NULL);
}
