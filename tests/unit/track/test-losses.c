// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "track/losses.h"

static void add(struct losses *l, uint64_t from, uint64_t to)
{
	assert_int_equal(losses_add(l, from, to), 0);
}

static void test_losses_of_nothing(void **state)
{
	struct losses l = {0};

	assert_false(losses_overlap(&l, 0, UINT64_MAX));
	losses_done(&l);
}

/* Both ends of a window, and of the time that is asked for, are part of it. */
static void test_losses_at_the_edges(void **state)
{
	struct losses l = {0};

	add(&l, 100, 200);
	assert_false(losses_overlap(&l, 0, 99));
	assert_true(losses_overlap(&l, 0, 100));
	assert_true(losses_overlap(&l, 150, 160));
	assert_true(losses_overlap(&l, 200, 300));
	assert_false(losses_overlap(&l, 201, 300));
	assert_true(losses_overlap(&l, 0, 1000));
	/* A window that ends before it begins is one moment. */
	add(&l, 500, 400);
	assert_true(losses_overlap(&l, 500, 500));
	assert_false(losses_overlap(&l, 450, 499));
	losses_done(&l);
}

static void test_losses_are_merged(void **state)
{
	struct losses l = {0};

	add(&l, 300, 400);
	add(&l, 100, 200);
	add(&l, 500, 600);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.windows[0].from_ns, 100);
	assert_int_equal(l.windows[2].from_ns, 500);
	/* Touches the first, covers the second, overlaps the third. */
	add(&l, 200, 550);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.windows[0].from_ns, 100);
	assert_int_equal(l.windows[0].to_ns, 600);
	/* Inside. */
	add(&l, 150, 160);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.windows[0].to_ns, 600);
	losses_done(&l);
}

static void test_losses_that_are_many(void **state)
{
	struct losses l = {0};

	for (uint64_t i = 100; i-- > 0;)
		add(&l, i * 10, i * 10 + 3);
	assert_int_equal(l.n, 100);
	for (uint64_t i = 0; i < 100; i++) {
		assert_true(losses_overlap(&l, i * 10 + 3, i * 10 + 9));
		assert_false(losses_overlap(&l, i * 10 + 4, i * 10 + 9));
	}
	losses_done(&l);
}

static void test_losses_end(void **state)
{
	struct losses l = {0};

	add(&l, 100, 200);
	assert_int_equal(losses_end_at(&l, 99), 99);
	assert_int_equal(losses_end_at(&l, 100), 200);
	assert_int_equal(losses_end_at(&l, 200), 200);
	assert_int_equal(losses_end_at(&l, 201), 201);
	losses_done(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_losses_of_nothing),
		cmocka_unit_test(test_losses_at_the_edges),
		cmocka_unit_test(test_losses_are_merged),
		cmocka_unit_test(test_losses_that_are_many),
		cmocka_unit_test(test_losses_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
