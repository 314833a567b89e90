// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "track/pauses.h"

static void take(struct pauses *p, uint64_t ts, uint32_t netns, bool is_paused)
{
	assert_int_equal(pauses_take(p, ts, netns, is_paused), 0);
}

static void test_pauses_of_nothing(void **state)
{
	struct pauses p CLEANUP(pauses_done) = {0};

	assert_false(pauses_are_at(&p, 0));
	assert_false(pauses_are_whole_at(&p, UINT64_MAX));
	take(&p, 100, 0, false);
	assert_false(pauses_are_at(&p, 100));
}

/* A pause goes on until a record ends it, and being told again does not begin it anew. */
static void test_pauses_everywhere(void **state)
{
	struct pauses p CLEANUP(pauses_done) = {0};

	take(&p, 100, 0, true);
	take(&p, 150, 0, true);
	assert_false(pauses_are_whole_at(&p, 99));
	assert_true(pauses_are_whole_at(&p, 100));
	assert_true(pauses_are_at(&p, 1000));
	take(&p, 200, 0, false);
	assert_true(pauses_are_whole_at(&p, 120));
	assert_true(pauses_are_at(&p, 200));
	assert_false(pauses_are_whole_at(&p, 201));
	assert_false(pauses_are_at(&p, 201));
}

/* While one namespace is left out, figures of the others may come. */
static void test_pauses_of_one_namespace(void **state)
{
	struct pauses p CLEANUP(pauses_done) = {0};

	take(&p, 100, 7, true);
	take(&p, 120, 8, true);
	assert_false(pauses_are_whole_at(&p, 110));
	assert_true(pauses_are_at(&p, 110));
	take(&p, 130, 7, false);
	assert_true(pauses_are_at(&p, 140));
	take(&p, 150, 0, false);
	assert_true(pauses_are_at(&p, 140));
	assert_false(pauses_are_whole_at(&p, 140));
	assert_false(pauses_are_at(&p, 151));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pauses_of_nothing),
		cmocka_unit_test(test_pauses_everywhere),
		cmocka_unit_test(test_pauses_of_one_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
