// SPDX-License-Identifier: MIT
/* The cells of connections: durations and families. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "cells/conn-cells.h"

static void expect_ms(uint64_t ns, bool is_exact, bool has_loss, const char *text)
{
	struct text t CLEANUP(text_done) = {0};
	struct cell cell = conn_ms_cell(&t, ns, is_exact, has_loss);

	assert_int_equal(cell.kind, CELL_STR);
	assert_int_equal(cell.n, strlen(text));
	assert_memory_equal(cell.str, text, cell.n);
}

static void test_ms_marks_what_is_not_exact(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct cell cell = conn_ms_cell(&t, 1234567, true, false);

	assert_int_equal(cell.kind, CELL_FIXED);
	assert_int_equal(cell.u64, 123);
	/* Half of a hundredth is rounded up. */
	assert_int_equal(conn_ms_cell(&t, 1235000, true, false).u64, 124);
	expect_ms(1230000, false, false, ">1.23");
	expect_ms(1230000, true, true, "1.23*");
	expect_ms(1230000, false, true, ">1.23*");
}

static void test_family_of_the_end_that_is_known(void **state)
{
	struct tcp_conn c = {.family = 6};

	assert_int_equal(cell_conn_family(&c).u64, 6);
	c.remote.addr.family = 4;
	assert_int_equal(cell_conn_family(&c).u64, 4);
	c.local.addr.family = 6;
	assert_int_equal(cell_conn_family(&c).u64, 6);
	assert_int_equal(cell_conn_family(&(struct tcp_conn){0}).kind, CELL_ABSENT);
}

static void test_every_ending_has_a_sign(void **state)
{
	for (unsigned int e = TCP_ENDING_OPEN; e <= TCP_ENDING_UNSEEN; e++)
		assert_non_null(conn_ending_sign(&(struct tcp_conn){.ending = (uint8_t)e}));
	assert_null(conn_ending_sign(&(struct tcp_conn){.ending = 200}));
	assert_string_equal(conn_ending_sign(&(struct tcp_conn){.ending = TCP_ENDING_REMOTE_RESET}),
			    "R<");
	assert_string_equal(conn_ending_sign(&(struct tcp_conn){.ending = TCP_ENDING_LOCAL_RESET}),
			    "R>");
	assert_string_equal(conn_ending_sign(&(struct tcp_conn){.ending = TCP_ENDING_LOCAL_FIN}),
			    "F>");
	assert_string_equal(conn_ending_sign(&(struct tcp_conn){.ending = TCP_ENDING_REMOTE_FIN}),
			    "F<");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ms_marks_what_is_not_exact),
		cmocka_unit_test(test_family_of_the_end_that_is_known),
		cmocka_unit_test(test_every_ending_has_a_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
