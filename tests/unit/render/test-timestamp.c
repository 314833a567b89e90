// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "render/fastfmt.h"
#include "render/timestamp.h"

/* A clock that knows the wall time of ts_ns: ts_ns since `base`. */
struct wall {
	int64_t base_ns;
	uint64_t start_ns;
	bool is_unknown;
};

static bool wall_of(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	const struct wall *w = userdata;

	*ret_real_ns = w->base_ns + (int64_t)ts_ns;
	return !w->is_unknown;
}

static uint64_t start_of(void *userdata)
{
	return ((const struct wall *)userdata)->start_ns;
}

static struct render_options options(struct wall *w, enum render_time time)
{
	return (struct render_options){
		.time = time,
		.clock = {.wall = wall_of, .start = start_of, .userdata = w},
	};
}

static void expect_text(struct wall *w, enum render_time time, uint64_t ts_ns,
			unsigned int decimals, const char *want)
{
	const struct render_options o = options(w, time);
	struct timestamp s = timestamp_for_text(&o);
	char got[FASTFMT_MAX];

	*timestamp_put(&s, got, ts_ns, decimals) = 0;
	assert_string_equal(got, want);
}

static void expect_data(struct wall *w, uint64_t ts_ns, const char *want)
{
	const struct render_options o = options(w, RENDER_TIME_LOCAL);
	struct timestamp s = timestamp_for_data(&o);
	char got[FASTFMT_MAX];

	*timestamp_put(&s, got, ts_ns, 3) = 0;
	assert_string_equal(got, want);
}

static void test_times_of_day(void **state)
{
	struct wall w = {.base_ns = 1800000000000000000, .start_ns = 1000000000};

	expect_text(&w, RENDER_TIME_UTC, 1500000001, 0, "08:00:01");
	expect_text(&w, RENDER_TIME_UTC, 1500000001, 3, "08:00:01.500");
	expect_text(&w, RENDER_TIME_UTC, 1500000001, 9, "08:00:01.500000001");
	expect_data(&w, 1500000001, "2027-01-15T08:00:01.500000001Z");
}

static void test_seconds_have_microseconds_at_least(void **state)
{
	struct wall w = {.base_ns = 1800000000000000000, .start_ns = 1000000000};

	expect_text(&w, RENDER_TIME_UNIX, 1500000001, 0, "1800000001.500000");
	expect_text(&w, RENDER_TIME_UNIX, 1500000001, 9, "1800000001.500000001");
	expect_text(&w, RENDER_TIME_REL, 1500000001, 0, "0.500000");
	expect_text(&w, RENDER_TIME_REL, 400000000, 3, "-0.600000");
}

/* The fraction of a second counts forward there, too: 23:59:59.75 is a quarter before midnight. */
static void test_times_before_1970(void **state)
{
	struct wall w = {.base_ns = -250000000};

	expect_text(&w, RENDER_TIME_UTC, 0, 3, "23:59:59.750");
	expect_text(&w, RENDER_TIME_UNIX, 0, 6, "-1.750000");
	expect_data(&w, 0, "1969-12-31T23:59:59.750000000Z");
	expect_text(&w, RENDER_TIME_UTC, 250000000, 3, "00:00:00.000");
	w.base_ns = -3000000000;
	expect_text(&w, RENDER_TIME_UTC, 0, 3, "23:59:57.000");
	expect_data(&w, 1, "1969-12-31T23:59:57.000000001Z");
	/* A tape can say that its clock began at any time. */
	w.base_ns = INT64_MIN;
	expect_data(&w, 0, "1677-09-21T00:12:43.145224192Z");
	w.base_ns = INT64_MAX;
	expect_data(&w, 0, "2262-04-11T23:47:16.854775807Z");
}

/* The text of a second is kept for the next time: it must be another's when the second is
 * another. */
static void test_a_second_is_kept_for_itself_only(void **state)
{
	struct wall w = {0};
	const struct render_options o = options(&w, RENDER_TIME_UTC);
	struct timestamp s = timestamp_for_text(&o);
	static const struct {
		uint64_t ts_ns;
		const char *want;
	} cases[] = {
		{1000000000, "00:00:01.000"}, {1999999999, "00:00:01.999"},
		{2000000000, "00:00:02.000"}, {1500000000, "00:00:01.500"},
		{0, "00:00:00.000"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char got[FASTFMT_MAX];

		*timestamp_put(&s, got, cases[i].ts_ns, 3) = 0;
		assert_string_equal(got, cases[i].want);
	}
}

/* People get seconds since the start; programs get no time rather than one of another kind. */
static void test_without_a_wall_clock(void **state)
{
	struct wall w = {.start_ns = 1000000000, .is_unknown = true};

	expect_text(&w, RENDER_TIME_LOCAL, 1500000000, 3, "0.500000");
	expect_text(&w, RENDER_TIME_UNIX, 1500000000, 3, "0.500000");
	expect_data(&w, 1500000000, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_of_day),
		cmocka_unit_test(test_seconds_have_microseconds_at_least),
		cmocka_unit_test(test_times_before_1970),
		cmocka_unit_test(test_a_second_is_kept_for_itself_only),
		cmocka_unit_test(test_without_a_wall_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
