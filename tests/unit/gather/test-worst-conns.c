// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "gather/worst-conns.h"
#include "gather/timeout-runs.h"
#include "tcp/names.h"

static struct worst_conns worst_conns;
static struct conn_histories conn_histories;

static int setup(void **state)
{
	if (conn_histories_init(&conn_histories) < 0)
		return -1;
	return worst_conns_init(&worst_conns);
}

static int teardown(void **state)
{
	worst_conns_done(&worst_conns, &conn_histories);
	conn_histories_done(&conn_histories);
	return 0;
}

static void offer(uint32_t id, uint32_t n_retrans, bool with_trouble)
{
	const struct tcp_conn c = {.id = id, .n_retrans = n_retrans, .was_established = true};
	struct conn_history *t = NULL;

	if (with_trouble) {
		assert_int_equal(conn_histories_of(&conn_histories, &c, &t), 0);
		t = conn_histories_take(&conn_histories, &c);
	}
	worst_conns_offer(&worst_conns, &c, t, &conn_histories);
}

static void test_worst_conns_sorts_the_worst_first(void **state)
{
	for (uint32_t i = 1; i <= 100; i++)
		offer(i, i * 37 % 101, false);
	worst_conns_sort(&worst_conns);
	assert_int_equal(worst_conns.n, 100);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(worst_conns.items[i].traffic.retrans, 100 - i);
}

/* The worst of thousands, whatever the order; the rest gives its troubles back. */
static void test_worst_conns_keeps_the_worst(void **state)
{
	const uint32_t n = 4999;

	for (uint32_t i = 0; i < n; i++)
		offer(i + 1, i * 1237 % n, i % 2);
	worst_conns_sort(&worst_conns);
	assert_int_equal(worst_conns.n, WORST_CONNS_MAX);
	assert_int_equal(worst_conns.n_offered, n);
	for (uint32_t i = 0; i < WORST_CONNS_MAX; i++)
		assert_int_equal(worst_conns.items[i].traffic.retrans, n - 1 - i);
	assert_true(conn_histories.n_records <= WORST_CONNS_MAX);
}

/* Of equals the busier, then the earlier one. */
static void test_worst_conns_of_equals(void **state)
{
	struct tcp_conn_info f = {.tx_bytes = 10, .has_bytes = true};
	struct tcp_conn c = {.id = 9, .was_established = true, .tcp_info = &f, .has_final = true};

	offer(3, 0, false);
	offer(2, 0, false);
	worst_conns_offer(&worst_conns, &c, NULL, &conn_histories);
	offer(1, 0, false);
	worst_conns_sort(&worst_conns);
	assert_int_equal(worst_conns.items[0].id, 9);
	assert_true(worst_conns.items[0].traffic.has_bytes);
	assert_int_equal(worst_conns.items[1].id, 1);
	assert_int_equal(worst_conns.items[2].id, 2);
	assert_int_equal(worst_conns.items[3].id, 3);
}

/* Which of two connections comes first. The histories are empty. */
static void expect_worse(struct tcp_conn worse, struct tcp_conn better)
{
	void *state = NULL;

	teardown(&state);
	assert_int_equal(setup(&state), 0);
	worse.id = 2;
	better.id = 1;
	worst_conns_offer(&worst_conns, &better, NULL, &conn_histories);
	worst_conns_offer(&worst_conns, &worse, NULL, &conn_histories);
	worst_conns_sort(&worst_conns);
	assert_int_equal(worst_conns.items[0].id, 2);
}

/* A timeout weighs more than several fast retransmissions, as the connection waits for it. */
static void test_worst_conns_weights(void **state)
{
	struct tcp_conn_cold timeout = {.n_timeouts = 1}, probe = {.n_probes = 1};
	struct tcp_conn_cold syn = {.n_syns = 1, .n_timeouts = 1}, reset = {.n_resets_sent = 1};
	const struct tcp_conn by_timeout = {.n_retrans = 1, .cold = &timeout};
	const struct tcp_conn by_syn = {.n_retrans = 1, .cold = &syn};
	const struct tcp_conn probed = {.cold = &probe}, quiet = {0};
	const struct tcp_conn cut = {.was_established = true, .ending = TCP_ENDING_REMOTE_RESET};
	const struct tcp_conn cutting = {.was_established = true, .cold = &reset};
	const struct tcp_conn refused = {.origin = TCP_ORIGIN_CONNECT,
					 .ending = TCP_ENDING_REMOTE_RESET};
	const struct tcp_conn left = {.origin = TCP_ORIGIN_CONNECT, .ending = TCP_ENDING_ABORTED};
	const struct tcp_conn young = {.origin = TCP_ORIGIN_CONNECT, .ending = TCP_ENDING_OPEN};
	const struct tcp_conn given_up = {.was_established = true, .ending = TCP_ENDING_TIMEOUT};

	expect_worse(by_timeout, (struct tcp_conn){.n_retrans = 8});
	expect_worse((struct tcp_conn){.n_retrans = 10}, by_timeout);
	expect_worse(by_syn, by_timeout);
	expect_worse(probed, quiet);
	expect_worse((struct tcp_conn){.n_retrans = 1}, probed);
	expect_worse(cut, (struct tcp_conn){.n_retrans = 11});
	expect_worse((struct tcp_conn){.n_retrans = 13}, cut);
	expect_worse(cutting, (struct tcp_conn){.n_retrans = 4});
	expect_worse(refused, (struct tcp_conn){.n_retrans = 9});
	expect_worse(left, (struct tcp_conn){.n_retrans = 9});
	/* An attempt that has just begun has not failed. */
	expect_worse((struct tcp_conn){.n_retrans = 1}, young);
	expect_worse(given_up, (struct tcp_conn){.n_retrans = 100000});
}

static void test_worst_conns_stalled_is_worse_than_resent(void **state)
{
	const struct tcp_conn c = {.id = 1, .was_established = true};
	struct conn_history *t;

	assert_int_equal(conn_histories_of(&conn_histories, &c, &t), 0);
	for (unsigned int i = 1; i <= 3; i++)
		conn_history_timeout(t, i, 0, 0);
	worst_conns_offer(&worst_conns, &c, conn_histories_take(&conn_histories, &c),
			  &conn_histories);
	offer(2, 1000, false);
	worst_conns_sort(&worst_conns);
	assert_int_equal(worst_conns.items[0].id, 1);
	assert_ptr_equal(worst_conns.items[0].conn_history, t);
}

/* What it is copied from is gone later. */
static void test_worst_conns_copies_names(void **state)
{
	char comm[] = "a-name-of-more-than-fifteen";
	struct tcp_conn c = {.id = 1, .owner = {.pid = 7, .basis = OWNER_IO, .comm = comm}};

	worst_conns_offer(&worst_conns, &c, NULL, &conn_histories);
	memset(comm, 'x', sizeof(comm) - 1);
	assert_string_equal(worst_conns.items[0].comm, "a-name-of-more-");
	assert_int_equal(worst_conns.items[0].pid, 7);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_worst_conns_sorts_the_worst_first),
		TEST(test_worst_conns_keeps_the_worst),
		TEST(test_worst_conns_of_equals),
		TEST(test_worst_conns_stalled_is_worse_than_resent),
		TEST(test_worst_conns_weights),
		TEST(test_worst_conns_copies_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
