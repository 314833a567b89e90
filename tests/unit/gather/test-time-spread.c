// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/units.h"
#include "gather/time-spread.h"

#define S NSEC_PER_SEC

static void expect(const struct time_spread *s, uint64_t from_ns, uint64_t to_ns)
{
	uint64_t from, to;

	time_spread_core(s, &from, &to);
	assert_int_equal(from, from_ns);
	assert_int_equal(to, to_ns);
}

static void test_spread_of_one(void **state)
{
	struct time_spread s = {0};

	time_spread_add(&s, 5 * S);
	expect(&s, 5 * S, 5 * S);
}

static void test_spread_of_two(void **state)
{
	struct time_spread s = {0};

	time_spread_add(&s, 5 * S);
	time_spread_add(&s, 3600 * S);
	expect(&s, 5 * S, 3600 * S);
}

/* A stray one, long before and long behind, is left out. */
static void test_spread_without_strays(void **state)
{
	struct time_spread s = {0};
	uint64_t from, to;

	time_spread_add(&s, 10 * S);
	for (unsigned int i = 0; i < 100; i++)
		time_spread_add(&s, 500 * S + i * S / 10);
	time_spread_add(&s, 1000 * S);
	time_spread_core(&s, &from, &to);
	assert_int_equal(from, 500 * S);
	/* As far as slots tell: a 32nd of it all, at most doubled. */
	assert_in_range(to, 509 * S, 510 * S + 990 * S / 16);
}

/* Whatever the times: from is not behind to, and both are among what was added. */
static void test_spread_any_times(void **state)
{
	uint64_t random = 1;

	for (unsigned int round = 0; round < 200; round++) {
		struct time_spread s = {0};
		uint64_t at, first, from, to, sum = 0;
		unsigned int n = 1 + round % 50;

		random = random * 6364136223846793005ull + 1442695040888963407ull;
		at = first = random >> 20;
		for (unsigned int i = 0; i < n; i++) {
			time_spread_add(&s, at);
			random = random * 6364136223846793005ull + 1442695040888963407ull;
			if (i + 1 < n)
				at += random >> (24 + round % 40);
		}
		for (unsigned int i = 0; i < SPREAD_SLOTS; i++)
			sum += s.slots[i];
		assert_int_equal(sum, n);
		time_spread_core(&s, &from, &to);
		assert_true(first <= from && from <= to && to <= at);
	}
}

static void test_spread_not_in_order(void **state)
{
	struct time_spread s = {0};

	time_spread_add(&s, 5 * S);
	time_spread_add(&s, 4 * S);
	expect(&s, 4 * S, 5 * S);
	time_spread_add(&s, 6 * S);
	time_spread_add(&s, 1 * S);
	expect(&s, 1 * S, 6 * S);
}

/* In any order the same, as far as slots tell. */
static void test_spread_backwards(void **state)
{
	struct time_spread s = {0};
	uint64_t from, to;

	for (unsigned int i = 100; i > 0; i--)
		time_spread_add(&s, 500 * S + i * S / 10);
	time_spread_add(&s, 10 * S);
	time_spread_add(&s, 1000 * S);
	time_spread_core(&s, &from, &to);
	assert_in_range(from, 500 * S, 501 * S);
	assert_in_range(to, 509 * S, 510 * S + 990 * S / 16);
}

static void test_spread_all_there_is(void **state)
{
	struct time_spread s = {0}, t = {0};

	time_spread_add(&s, 0);
	time_spread_add(&s, UINT64_MAX);
	expect(&s, 0, UINT64_MAX);
	time_spread_add(&t, UINT64_MAX);
	time_spread_add(&t, 0);
	expect(&t, 0, UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spread_of_one),
		cmocka_unit_test(test_spread_of_two),
		cmocka_unit_test(test_spread_without_strays),
		cmocka_unit_test(test_spread_any_times),
		cmocka_unit_test(test_spread_not_in_order),
		cmocka_unit_test(test_spread_backwards),
		cmocka_unit_test(test_spread_all_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
