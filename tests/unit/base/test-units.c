// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "base/units.h"

static void test_durations_that_people_write(void **state)
{
	static const struct {
		const char *in;
		uint64_t ns;
	} cases[] = {
		{"3", 3000000000},
		{"3s", 3000000000},
		{"5ms", 5000000},
		{"7us", 7000},
		{"9ns", 9},
		{"2m", 120000000000},
		{"2min", 120000000000},
		{"1h", 3600000000000},
		{"1d", 86400000000000},
		{".5s", 500000000},
		{"0", 0},
		{"0.4ns", 0},
		{"0.5ns", 1},
		{"8000000000", 8000000000000000000},
	};
	static const char *const bad[] = {"",	 "s",  "-1",  "+1",  "inf",	   "0x10", "0X10",
					  "1e3", "1S", "1 s", "1sx", "9000000000", "1.2.3"};
	uint64_t ns;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(units_parse_duration(cases[i].in, &ns), 0);
		assert_int_equal(ns, cases[i].ns);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(units_parse_duration(bad[i], &ns), -EINVAL);
}

/* Sizes count in powers of two, whether the unit says so or not. */
static void test_sizes_that_people_write(void **state)
{
	static const char *const units[][5] = {{"", "B"},
					       {"k", "K", "KB", "KiB"},
					       {"m", "M", "MB", "MiB"},
					       {"g", "G", "GB", "GiB"}};
	uint64_t bytes;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		for (size_t k = 0; units[i][k]; k++) {
			struct text t CLEANUP(text_done) = {0};

			text_printf(&t, "3%s", units[i][k]);
			assert_int_equal(units_parse_size(text_cstr(&t), &bytes), 0);
			assert_int_equal(bytes, 3ull << 10 * i);
		}
	}
	assert_int_equal(units_parse_size("1s", &bytes), -EINVAL);
}

static void expect(void (*put)(struct text *t, uint64_t v), uint64_t v, const char *wanted)
{
	struct text t CLEANUP(text_done) = {0};

	put(&t, v);
	assert_string_equal(text_cstr(&t), wanted);
}

static void test_sizes_for_people(void **state)
{
	expect(units_size, 0, "0 B");
	expect(units_size, 1023, "1023 B");
	expect(units_size, 1024, "1.0 KiB");
	expect(units_size, 1536, "1.5 KiB");
	expect(units_size, 1ull << 20, "1.0 MiB");
	expect(units_size, 1ull << 30, "1.0 GiB");
	expect(units_size, 1ull << 40, "1.0 TiB");
	expect(units_size, 1ull << 50, "1024.0 TiB");
}

static void test_counts_for_people(void **state)
{
	expect(units_count, 0, "0");
	expect(units_count, 999, "999");
	expect(units_count, 1000, "1,000");
	expect(units_count, 1001002, "1,001,002");
	expect(units_count, UINT64_MAX, "18,446,744,073,709,551,615");
}

static void test_durations_for_people(void **state)
{
	expect(units_duration, 999, "999 ns");
	expect(units_duration, 1000, "0.001 ms");
	expect(units_duration, NSEC_PER_SEC - 1, "999.999 ms");
	expect(units_duration, NSEC_PER_SEC, "1.000 s");
	expect(units_duration, 60 * NSEC_PER_SEC - 1, "59.999 s");
	expect(units_duration, 60 * NSEC_PER_SEC, "01m 00s");
	expect(units_duration, 3599 * NSEC_PER_SEC, "59m 59s");
	expect(units_duration, 3600 * NSEC_PER_SEC, "1h 00m 00s");
	expect(units_duration, 90061 * NSEC_PER_SEC, "25h 01m 01s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_durations_that_people_write),
		cmocka_unit_test(test_sizes_that_people_write),
		cmocka_unit_test(test_sizes_for_people),
		cmocka_unit_test(test_counts_for_people),
		cmocka_unit_test(test_durations_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
