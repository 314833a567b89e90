// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "base/units.h"
#include "gather/timeline.h"

#define S NSEC_PER_SEC

static struct timeline made(uint64_t offset_ns)
{
	struct timeline t;

	assert_int_equal(timeline_init(&t, offset_ns), 0);
	return t;
}

static uint64_t total(const struct timeline *t, enum timeline_series s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->values[i][s];
	return n;
}

static void test_timeline_starts_narrow(void **state)
{
	struct timeline t = made(0);

	timeline_add(&t, 1000 * S + 123, TIMELINE_RTO, 2);
	assert_int_equal(t.n, 1);
	assert_int_equal(timeline_width_ns(&t), 10 * NSEC_PER_MSEC);
	assert_int_equal(timeline_start_ns(&t), 1000 * S);
	assert_int_equal(t.values[0][TIMELINE_RTO], 2);
	timeline_done(&t);
}

/* Never too many, nothing is lost, each moment is in its interval, all are multiples of the width
 * in wall time. */
static void test_timeline_widens(void **state)
{
	const uint64_t offset = 1795257000ull * S + 123456789, start = 5000 * S + 7777777;

	for (uint64_t length = S / 100; length < 4000000 * S; length = length * 7 + 3) {
		struct timeline t = made(offset);
		uint64_t width, n = 0;

		for (uint64_t i = 0; i <= 100; i++, n++)
			timeline_add(&t, start + length / 100 * i, TIMELINE_FAST, 1);
		width = timeline_width_ns(&t);
		assert_true(t.n <= TIMELINE_BUCKETS_MAX);
		assert_int_equal(total(&t, TIMELINE_FAST), n);
		assert_int_equal((timeline_start_ns(&t) + offset) % width, 0);
		assert_true(timeline_start_ns(&t) <= start);
		assert_true(start - timeline_start_ns(&t) < width);
		for (uint64_t i = 0; i <= 100; i++) {
			uint64_t at = (start + length / 100 * i - timeline_start_ns(&t)) / width;

			assert_true(at < t.n);
			assert_true(t.values[at][TIMELINE_FAST] > 0);
		}
		timeline_done(&t);
	}
}

static void test_timeline_before_the_first(void **state)
{
	struct timeline t = made(0);

	timeline_add(&t, 10 * S, TIMELINE_SYN, 1);
	timeline_add(&t, 1 * S, TIMELINE_SYN, 1);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.values[0][TIMELINE_SYN], 2);
	timeline_done(&t);
}

/* A host whose clock says 1970 has run for longer than that. */
static void test_timeline_wall_behind_the_tape(void **state)
{
	struct timeline t = made((uint64_t) - (1000 * (int64_t)S));

	timeline_add(&t, 1005 * S, TIMELINE_RTO, 1);
	timeline_add(&t, 1006 * S, TIMELINE_RTO, 1);
	assert_int_equal(timeline_start_ns(&t), 1005 * S);
	assert_int_equal(t.n, 101);
	timeline_done(&t);
}

/* The first interval may begin before the tape, but not before its clock does. */
static void test_timeline_not_before_zero(void **state)
{
	struct timeline t = made(1795257000ull * S + 9999999);

	timeline_add(&t, 0, TIMELINE_RTO, 1);
	assert_int_equal(timeline_start_ns(&t), 0);
	timeline_done(&t);
}

static void test_timeline_gauge(void **state)
{
	struct timeline t = made(0);
	const unsigned int e = TIMELINE_ESTABLISHED;

	timeline_level_before(&t, 1);
	timeline_level_before(&t, 1);
	timeline_level_before(&t, -1);
	timeline_extend(&t, S);
	timeline_level(&t, S + 20 * NSEC_PER_MSEC, 1);
	timeline_level(&t, S + 20 * NSEC_PER_MSEC, 1);
	timeline_level(&t, S + 21 * NSEC_PER_MSEC, -1);
	timeline_level(&t, S + 40 * NSEC_PER_MSEC, -1);
	timeline_extend(&t, S + 60 * NSEC_PER_MSEC);
	assert_int_equal(t.n, 7);
	assert_int_equal(t.values[0][e], 1);
	assert_int_equal(t.values[1][e], 1);
	assert_int_equal(t.values[2][e], 3); /* the most at a time */
	assert_int_equal(t.values[3][e], 2);
	assert_int_equal(t.values[4][e], 2); /* up to that moment it stayed */
	assert_int_equal(t.values[5][e], 1);
	assert_int_equal(t.values[6][e], 1);
	/* Never below zero. */
	for (int i = 0; i < 5; i++)
		timeline_level(&t, S + 70 * NSEC_PER_MSEC, -1);
	assert_int_equal(t.level, 0);
	/* Put together, a gauge does not add up. */
	timeline_extend(&t, 100 * S);
	assert_int_equal(t.values[0][e], 3);
	timeline_done(&t);
}

static void test_timeline_any_time_at_all(void **state)
{
	static const uint64_t times[] = {0, UINT64_MAX, 1, UINT64_MAX / 2, S};
	static const uint64_t offsets[] = {0, UINT64_MAX, UINT64_MAX / 2 + 1, 12345};

	for (size_t i = 0; i < 4; i++) {
		struct timeline t = made(offsets[i]);

		for (size_t k = 0; k < 5; k++)
			timeline_add(&t, times[k], TIMELINE_RTO, 1);
		assert_true(t.n <= TIMELINE_BUCKETS_MAX);
		assert_int_equal(total(&t, TIMELINE_RTO), 5);
		timeline_done(&t);
	}
}

static void test_timeline_names(void **state)
{
	for (unsigned int s = 0; s < TIMELINE_N; s++) {
		assert_non_null(timeline_series[s].key);
		assert_true(strlen(timeline_series[s].label) < 22);
		for (unsigned int k = 0; k < s; k++)
			assert_string_not_equal(timeline_series[s].key, timeline_series[k].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timeline_starts_narrow),
		cmocka_unit_test(test_timeline_widens),
		cmocka_unit_test(test_timeline_before_the_first),
		cmocka_unit_test(test_timeline_wall_behind_the_tape),
		cmocka_unit_test(test_timeline_not_before_zero),
		cmocka_unit_test(test_timeline_gauge),
		cmocka_unit_test(test_timeline_any_time_at_all),
		cmocka_unit_test(test_timeline_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
