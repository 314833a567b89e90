// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "document/sparkline.h"

static const uint64_t ramp[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static struct document_chart chart_of(size_t n)
{
	return (struct document_chart){.bucket_ns = 1000000000, .n_buckets = n};
}

static void expect(const struct document_chart *c, const struct document_series *s, size_t step,
		   const char *want)
{
	struct text t CLEANUP(text_done) = {0};

	sparkline_put(&t, c, s, step);
	assert_string_equal(text_cstr(&t), want);
}

static void test_sparkline_heights(void **state)
{
	const struct document_chart c = chart_of(9);
	const struct document_series s = {.values = ramp};

	expect(&c, &s, 1, " ▁▂▃▄▅▆▇█");
	expect(&c, &s, 3, "▂▅█"); /* 3, 12, 21 */
	expect(&c, &s, 100, "█");
}

/* What there is at all is seen, nothing is a blank, and a lone one is full. */
static void test_sparkline_small_beside_great(void **state)
{
	static const uint64_t values[] = {1, 0, UINT64_MAX, 0};
	const struct document_chart c = chart_of(4);
	const struct document_series s = {.values = values};

	expect(&c, &s, 1, "▁ █ ");
	expect(&(struct document_chart){.n_buckets = 1}, &s, 1, "█");
	expect(&(struct document_chart){.n_buckets = 0}, &s, 1, "");
}

static void test_sparkline_gauge(void **state)
{
	const struct document_chart c = chart_of(9);
	const struct document_series s = {.values = ramp, .is_gauge = true}, sum = {.values = ramp};

	assert_int_equal(sparkline_total(&c, &s), 8);
	assert_int_equal(sparkline_total(&c, &sum), 36);
	assert_int_equal(sparkline_peak(&c, &s, 3), 8);
	assert_int_equal(sparkline_peak(&c, &sum, 3), 21);
	expect(&c, &s, 3, "▂▅█"); /* 2, 5, 8 */
}

/* At most so many columns, and no bucket is left out. */
static void test_sparkline_step(void **state)
{
	for (size_t n = 0; n <= 1300; n++) {
		const struct document_chart c = chart_of(n);

		for (size_t columns = 10; columns < 130; columns += 7) {
			size_t step = sparkline_step(&c, columns);
			size_t is = sparkline_columns(&c, step);

			assert_true(step >= 1);
			assert_true(is <= columns);
			assert_true(is * step >= n);
			assert_true(!n || (is - 1) * step < n);
		}
	}
}

static void test_sparkline_step_is_round(void **state)
{
	const struct document_chart c = chart_of(600);

	assert_int_equal(sparkline_step(&c, 600), 1);
	assert_int_equal(sparkline_step(&c, 60), 10);
	assert_int_equal(sparkline_step(&c, 59), 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sparkline_heights),
		cmocka_unit_test(test_sparkline_small_beside_great),
		cmocka_unit_test(test_sparkline_gauge),
		cmocka_unit_test(test_sparkline_step),
		cmocka_unit_test(test_sparkline_step_is_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
