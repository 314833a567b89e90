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

static void test_results_by_ending(void **state)
{
	static const struct {
		enum tcp_ending ending;
		int32_t err;
		enum connect_result result;
	} cases[] = {
		{TCP_ENDING_OPEN, 0, CONNECT_PENDING},
		{TCP_ENDING_REMOTE_RESET, 0, CONNECT_REFUSED},
		{TCP_ENDING_TIMEOUT, ETIMEDOUT, CONNECT_TIMEOUT},
		{TCP_ENDING_ABORTED, 0, CONNECT_ABORTED},
		{TCP_ENDING_LOCAL_RESET, 0, CONNECT_ABORTED},
		{TCP_ENDING_UNSEEN, 0, CONNECT_ABORTED},
		/* The errors that ICMP messages make (icmp_err_convert, icmpv6_err_convert). */
		{TCP_ENDING_ERROR, ENETUNREACH, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EHOSTUNREACH, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, ENETDOWN, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EHOSTDOWN, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EPROTO, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, ENOPROTOOPT, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, ENOBUFS, CONNECT_ERROR},
		{TCP_ENDING_ERROR, 0, CONNECT_ERROR},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_conn_cold cold = {.err = cases[i].err};
		struct tcp_conn c = {.cold = &cold, .ending = (uint8_t)cases[i].ending};

		assert_int_equal(connect_result_of(&c), cases[i].result);
		/* However it ended: it was established first. */
		c.was_established = true;
		assert_int_equal(connect_result_of(&c), CONNECT_OK);
		c.was_established = false;
		c.established_ns = 7;
		assert_int_equal(connect_result_of(&c), CONNECT_OK);
	}
	for (int i = 0; i < CONNECT_RESULTS; i++)
		assert_non_null(connect_result_name((enum connect_result)i));
	assert_null(connect_result_name(CONNECT_RESULTS));
}

static void test_latency(void **state)
{
	struct tcp_conn c = {.seen_ns = 100, .end_ns = 150};
	uint64_t ns;

	/* The SYN was not seen. */
	assert_false(connect_latency(&c, &ns));
	c.is_born = true;
	/* A failure: until its end. */
	assert_true(connect_latency(&c, &ns));
	assert_int_equal(ns, 50);
	c.established_ns = 120;
	assert_true(connect_latency(&c, &ns));
	assert_int_equal(ns, 20);
	/* It was established, but when is not known: how long it has lived says nothing of that. */
	c.established_ns = 0;
	c.was_established = true;
	assert_false(connect_latency(&c, &ns));
	c.established_ns = 90;
	assert_false(connect_latency(&c, &ns));
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
		cmocka_unit_test(test_results_by_ending),
		cmocka_unit_test(test_latency),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
