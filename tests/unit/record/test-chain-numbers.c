// SPDX-License-Identifier: MIT
/*
 * chain-numbers: how chains are numbered, and what happens when there are too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "record/chain-numbers.h"

static uint32_t number(struct chain_numbers *c, const uint64_t *frames, size_t n, bool expect_new)
{
	uint32_t ret = 0;
	bool is_new = !expect_new;

	assert_int_equal(chain_numbers_get(c, frames, n, &ret, &is_new), 0);
	assert_int_equal(is_new, expect_new);
	return ret;
}

static void test_chain_numbers_numbers(void **state)
{
	struct chain_numbers c CLEANUP(chain_numbers_done) = {0};
	const uint64_t frames[] = {0xffffffff81000000, 0xffffffff81000100, 0xffffffff81000200};
	const uint64_t other[] = {0xffffffff81000000, 0xffffffff81000200, 0xffffffff81000100};

	assert_int_equal(number(&c, frames, 3, true), 1);
	assert_int_equal(number(&c, frames, 2, true), 2);
	assert_int_equal(number(&c, other, 3, true), 3);
	assert_int_equal(number(&c, frames, 3, false), 1);
	assert_int_equal(number(&c, frames, 2, false), 2);
	assert_int_equal(number(&c, other, 3, false), 3);
}

static void test_chain_numbers_forget(void **state)
{
	struct chain_numbers c CLEANUP(chain_numbers_done) = {0};
	uint64_t frame = 1;

	for (uint32_t i = 1; i <= CHAIN_NUMBERS_MAX; i++) {
		frame = i;
		assert_int_equal(number(&c, &frame, 1, true), i);
	}
	frame = 1;
	assert_int_equal(number(&c, &frame, 1, false), 1);
	frame = CHAIN_NUMBERS_MAX + 1;
	assert_int_equal(number(&c, &frame, 1, true), CHAIN_NUMBERS_MAX + 1);
	/* A chain that was forgotten gets a number that no other chain has. */
	frame = 1;
	assert_int_equal(number(&c, &frame, 1, true), CHAIN_NUMBERS_MAX + 2);
	assert_int_equal(number(&c, &frame, 1, false), CHAIN_NUMBERS_MAX + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain_numbers_numbers),
		cmocka_unit_test(test_chain_numbers_forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
