// SPDX-License-Identifier: MIT
/* Tests of vec: arrays that grow keep what is in them, and fail without a loss. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/vec.h"

struct numbers {
	uint32_t *items;
	size_t n, cap;
};

static void test_vec_keeps_its_items(void **state)
{
	struct numbers v = {0};

	for (uint32_t i = 0; i < 10000; i++) {
		assert_int_equal(vec_reserve(v.items, v.cap, v.n + 1), 0);
		assert_true(v.cap > v.n);
		v.items[v.n++] = i;
	}
	for (uint32_t i = 0; i < 10000; i++)
		assert_int_equal(v.items[i], i);
	free(v.items);
}

static void test_vec_does_not_move_while_there_is_room(void **state)
{
	struct numbers v = {0};
	uint32_t *before;

	assert_int_equal(vec_reserve(v.items, v.cap, 100), 0);
	assert_true(v.cap >= 100);
	before = v.items;
	assert_int_equal(vec_reserve(v.items, v.cap, 100), 0);
	assert_int_equal(vec_reserve(v.items, v.cap, 0), 0);
	assert_ptr_equal(v.items, before);
	free(v.items);
}

static void test_vec_survives_a_size_that_cannot_be(void **state)
{
	struct numbers v = {0};
	size_t cap;

	assert_int_equal(vec_reserve(v.items, v.cap, 1), 0);
	v.items[v.n++] = 7;
	cap = v.cap;
	assert_int_equal(vec_reserve(v.items, v.cap, SIZE_MAX), -ENOMEM);
	assert_int_equal(vec_reserve(v.items, v.cap, SIZE_MAX / sizeof(*v.items) + 2), -ENOMEM);
	assert_int_equal(v.cap, cap);
	assert_int_equal(v.items[0], 7);
	free(v.items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vec_keeps_its_items),
		cmocka_unit_test(test_vec_does_not_move_while_there_is_room),
		cmocka_unit_test(test_vec_survives_a_size_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
