// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/units.h"
#include "gather/latency.h"

/* A percentile is what it says, and at most a quarter too high, for any time there can be. */
static void test_latency_one_value(void **state)
{
	for (uint64_t ns = 1; ns < 200 * NSEC_PER_SEC; ns += ns / 7 + 1) {
		struct latency l = {0};
		uint64_t p50;

		for (int i = 0; i < 10; i++)
			latency_add(&l, ns);
		/* What is far greater takes away the help of greatest_ns. */
		latency_add(&l, 300 * NSEC_PER_SEC);
		p50 = latency_permille(&l, 500);
		assert_true(p50 >= ns);
		if (ns >= NSEC_PER_USEC && ns < 50 * NSEC_PER_SEC)
			assert_true(p50 <= ns + ns / 4 + 1);
		assert_true(p50 <= 300 * NSEC_PER_SEC);
	}
}

static void test_latency_of_nothing(void **state)
{
	const struct latency l = {0};

	assert_int_equal(latency_permille(&l, 0), 0);
	assert_int_equal(latency_permille(&l, 500), 0);
	assert_int_equal(latency_permille(&l, 1000), 0);
}

static void test_latency_is_never_more_than_the_greatest(void **state)
{
	struct latency l = {0};

	latency_add(&l, 0);
	assert_int_equal(latency_permille(&l, 1000), 0);
	latency_add(&l, 1100000);
	assert_int_equal(latency_permille(&l, 1000), 1100000);
}

/* Of 99 fast ones and a slow one, the 99th percentile is a fast one. */
static void test_latency_permille_counts(void **state)
{
	struct latency l = {0};

	for (int i = 0; i < 99; i++)
		latency_add(&l, NSEC_PER_MSEC);
	latency_add(&l, 3 * NSEC_PER_SEC);
	assert_true(latency_permille(&l, 500) < 2 * NSEC_PER_MSEC);
	assert_true(latency_permille(&l, 990) < 2 * NSEC_PER_MSEC);
	assert_int_equal(latency_permille(&l, 991), 3 * NSEC_PER_SEC);
	assert_int_equal(latency_permille(&l, 1000), 3 * NSEC_PER_SEC);
}

/* A connect may take two minutes, which is more than the steps reach. */
static void test_latency_longer_than_the_steps(void **state)
{
	struct latency l = {0};

	latency_add(&l, 127 * NSEC_PER_SEC);
	latency_add(&l, UINT64_MAX);
	assert_true(latency_permille(&l, 500) >= 127 * NSEC_PER_SEC);
	assert_true(latency_permille(&l, 1000) == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latency_one_value),
		cmocka_unit_test(test_latency_of_nothing),
		cmocka_unit_test(test_latency_is_never_more_than_the_greatest),
		cmocka_unit_test(test_latency_permille_counts),
		cmocka_unit_test(test_latency_longer_than_the_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
