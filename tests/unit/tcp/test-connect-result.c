// SPDX-License-Identifier: MIT
/* What came of an attempt to connect, and which results are failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "tcp/connect-result.h"

static enum connect_result result_of(enum tcp_ending ending, int32_t err)
{
	struct tcp_conn_cold cold = {.err = err};
	struct tcp_conn c = {.origin = TCP_ORIGIN_CONNECT, .ending = ending, .cold = &cold};

	return connect_result_of(&c);
}

static void test_result_of_an_ending(void **state)
{
	assert_int_equal(result_of(TCP_ENDING_OPEN, 0), CONNECT_PENDING);
	assert_int_equal(result_of(TCP_ENDING_REMOTE_RESET, 0), CONNECT_REFUSED);
	assert_int_equal(result_of(TCP_ENDING_TIMEOUT, 0), CONNECT_TIMEOUT);
	assert_int_equal(result_of(TCP_ENDING_ABORTED, 0), CONNECT_ABORTED);
	assert_int_equal(result_of(TCP_ENDING_ERROR, EHOSTUNREACH), CONNECT_UNREACHABLE);
	assert_int_equal(result_of(TCP_ENDING_ERROR, EPERM), CONNECT_ERROR);
}

static void test_failures(void **state)
{
	static const bool is_failure[CONNECT_RESULTS] = {
		[CONNECT_REFUSED] = true,
		[CONNECT_TIMEOUT] = true,
		[CONNECT_UNREACHABLE] = true,
		[CONNECT_ERROR] = true,
	};

	for (unsigned int r = 0; r < CONNECT_RESULTS; r++)
		assert_int_equal(connect_result_is_failure((enum connect_result)r), is_failure[r]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_result_of_an_ending),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
