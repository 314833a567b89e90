// SPDX-License-Identifier: MIT
/* What came of an attempt to connect, and which results are failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "tcp/closer.h"
#include "tcp/connect-result.h"
#include "tcp/names.h"

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
		{TCP_ENDING_UNSEEN, 0, CONNECT_UNSEEN},
		/* The errors that ICMP messages make (icmp_err_convert, icmpv6_err_convert). */
		{TCP_ENDING_ERROR, ENETUNREACH, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EHOSTUNREACH, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, ENETDOWN, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EHOSTDOWN, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EPROTO, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, ENOPROTOOPT, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, ENONET, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EACCES, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, EOPNOTSUPP, CONNECT_UNREACHABLE},
		{TCP_ENDING_ERROR, ENOBUFS, CONNECT_ERROR},
		{TCP_ENDING_ERROR, ECONNABORTED, CONNECT_ERROR},
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
		[CONNECT_REFUSED] = true,     [CONNECT_RESET] = true, [CONNECT_TIMEOUT] = true,
		[CONNECT_UNREACHABLE] = true, [CONNECT_LOCAL] = true, [CONNECT_ERROR] = true,
		[CONNECT_ABORTED] = true,
	};

	for (unsigned int r = 0; r < CONNECT_RESULTS; r++)
		assert_int_equal(connect_result_is_failure((enum connect_result)r), is_failure[r]);
}

#define MS    1000000ull
#define BEGIN (1000 * MS)

/* An attempt that its process closed so many milliseconds after its SYN, when a rival had been
 * established at rival_ms. */
static enum connect_result raced(uint64_t ms, uint64_t rival_ms, uint8_t rival_family)
{
	struct tcp_conn_attempt a = {.rival_ns = BEGIN + rival_ms * MS,
				     .rival = {.family = rival_family}};
	struct tcp_conn_cold cold = {.attempt = &a};
	const struct tcp_conn c = {.seen_ns = BEGIN,
				   .end_ns = BEGIN + ms * MS,
				   .ending = TCP_ENDING_ABORTED,
				   .remote = {.addr = {.family = 6}},
				   .cold = &cold};

	return connect_result_of(&c);
}

/* A success elsewhere supersedes an attempt that is closed soon after, whatever its length. */
static void test_superseded(void **state)
{
	assert_int_equal(raced(251, 250, 4), CONNECT_SUPERSEDED);
	assert_int_equal(raced(900, 899, 6), CONNECT_SUPERSEDED);
	assert_int_equal(raced(350, 250, 6), CONNECT_SUPERSEDED);
	assert_int_equal(raced(352, 250, 6), CONNECT_ABORTED);
	assert_int_equal(raced(4000, 3000, 6), CONNECT_SUPERSEDED);
	/* A timeout of its own, while the process connects to other servers, too. */
	assert_int_equal(raced(2000, 1, 6), CONNECT_ABORTED);
	assert_int_equal(raced(2000, 1, 4), CONNECT_ABORTED);
	/* Over another family there is more time, also for the next attempt after it. */
	assert_int_equal(raced(1200, 250, 4), CONNECT_SUPERSEDED);
	assert_int_equal(raced(250, 251, 4), CONNECT_SUPERSEDED);
	assert_int_equal(raced(250, 251, 6), CONNECT_ABORTED);
}

static struct tcp_conn failed_by(struct tcp_conn_cold *cold, struct tcp_conn_attempt *a,
				 enum tcp_ending ending)
{
	cold->attempt = a;
	return (struct tcp_conn){.ending = (uint8_t)ending, .cold = cold};
}

static void expect_result(const struct tcp_conn *c, enum connect_result result, const char *why)
{
	assert_int_equal(connect_result_of(c), result);
	if (why)
		assert_string_equal(connect_why(c, result), why);
	else
		assert_null(connect_why(c, result));
}

static void test_results_by_closer(void **state)
{
	struct tcp_conn_attempt a = {.closer = TCP_CLOSER_CONNECT};
	struct tcp_conn_cold cold = {.err = EADDRNOTAVAIL};
	struct tcp_conn c = failed_by(&cold, &a, TCP_ENDING_ERROR);

	expect_result(&c, CONNECT_LOCAL, "no local port");
	cold.err = 0;
	expect_result(&c, CONNECT_LOCAL, "connect() failed here");
	/* The kernel reported an error: it was not connect(). */
	cold.err = EHOSTUNREACH;
	expect_result(&c, CONNECT_UNREACHABLE, "ICMP error");
	cold.err = 0;
	a.closer = TCP_CLOSER_PROCESS;
	c.ending = TCP_ENDING_ABORTED;
	expect_result(&c, CONNECT_ABORTED, "closed by its process");
	a.closer = TCP_CLOSER_EXIT;
	expect_result(&c, CONNECT_ABORTED, "its process ended");
	cold.n_failed = 1;
	expect_result(&c, CONNECT_ABORTED, "this host dropped the SYNs");
	a.icmp_ns = 5;
	expect_result(&c, CONNECT_UNREACHABLE, "ICMP error");
	c.ending = TCP_ENDING_REMOTE_RESET;
	expect_result(&c, CONNECT_REFUSED, "no RST seen");
	cold.n_resets_received = 1;
	expect_result(&c, CONNECT_REFUSED, "RST");
	c.last_state = TCP_STATE_SYN_RECV;
	expect_result(&c, CONNECT_RESET, "RST");
}

/* An attempt that goes on counts as failed once an answer is overdue. */
static void test_overdue(void **state)
{
	struct tcp_conn_attempt a = {0};
	struct tcp_conn_cold cold = {0};
	struct tcp_conn c = failed_by(&cold, &a, TCP_ENDING_OPEN);

	c.is_born = true;
	c.end_ns = 999 * MS;
	assert_false(connect_has_failed(&c, CONNECT_PENDING));
	expect_result(&c, CONNECT_PENDING, NULL);
	c.end_ns = 1000 * MS;
	assert_true(connect_has_failed(&c, CONNECT_PENDING));
	expect_result(&c, CONNECT_PENDING, "no answer yet");
	c.end_ns = 1 * MS;
	a.n_syns_before = 2;
	cold.n_syns = 1;
	assert_int_equal(connect_syns(&c), 3);
	assert_true(connect_has_failed(&c, CONNECT_PENDING));
	c.is_born = false;
	expect_result(&c, CONNECT_PENDING, "no answer since before the recording");
	assert_false(connect_has_failed(&c, CONNECT_OK));
	assert_false(connect_has_failed(&c, CONNECT_SUPERSEDED));
	assert_false(connect_has_failed(&c, CONNECT_UNSEEN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_results_by_ending), cmocka_unit_test(test_results_by_closer),
		cmocka_unit_test(test_superseded),	  cmocka_unit_test(test_overdue),
		cmocka_unit_test(test_latency),		  cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
