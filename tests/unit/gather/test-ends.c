// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "gather/ends.h"

static struct endpoint at(uint8_t host, uint16_t port)
{
	return (struct endpoint){{4, {10, 0, 0, host}}, port};
}

static void test_only_connections_within_the_host_are_kept(void **state)
{
	const struct endpoint a = at(1, 40000), b = at(2, 80), elsewhere = at(3, 80);
	struct ends e = {0};

	assert_int_equal(ends_note_address(&e, &a.addr), 0);
	assert_int_equal(ends_note_address(&e, &b.addr), 0);
	assert_int_equal(ends_note(&e, &a, &b), 0);
	assert_int_equal(ends_note(&e, &a, &elsewhere), 0);
	assert_true(ends_has_other(&e, &b, &a));
	/* Its own end is not the other one. */
	assert_false(ends_has_other(&e, &a, &b));
	assert_false(ends_has_other(&e, &elsewhere, &a));
	assert_int_equal(map_count(&e.ends), 1);
	ends_done(&e);
}

static void test_destinations_of_this_host(void **state)
{
	const struct endpoint here = at(1, 80), there = at(2, 80), nowhere = at(1, 0);
	struct ends e = {0};

	assert_int_equal(ends_note_served(&e, &here), 0);
	assert_int_equal(ends_note_served(&e, &nowhere), 0);
	assert_true(ends_serves(&e, &here));
	assert_false(ends_serves(&e, &there));
	assert_false(ends_serves(&e, &nowhere));
	ends_done(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_connections_within_the_host_are_kept),
		cmocka_unit_test(test_destinations_of_this_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
