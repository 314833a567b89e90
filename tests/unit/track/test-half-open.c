// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tcp/names.h"
#include "track/half-open.h"

static struct conns conns;

static int setup(void **state)
{
	conns_init(&conns);
	return 0;
}

static int teardown(void **state)
{
	conns_done(&conns);
	return 0;
}

static struct tcp_event synack(uint16_t lport, uint16_t rport)
{
	return (struct tcp_event){
		.kind = TCP_KIND_RETRANSMIT_SYNACK,
		.ts_ns = 5,
		.family = 4,
		.local = {ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), lport},
		.remote = {ip_addr_v4((const uint8_t[]){10, 0, 0, 2}), rport},
	};
}

static struct tcp_conn *sent_again(const struct tcp_event *e, const struct owner *listener,
				   uint32_t max)
{
	struct tcp_conn *c;

	assert_int_equal(half_open_synack(&conns, e, listener, max, &c), 0);
	return c;
}

static void test_half_open_is_one_connection_per_endpoints(void **state)
{
	const struct owner nginx = {.pid = 7, .basis = OWNER_CONNECT, .comm = "nginx"};
	struct tcp_event e = synack(80, 4000), other = synack(80, 4001);
	struct tcp_conn *c = sent_again(&e, &nginx, 10);

	assert_non_null(c);
	assert_int_equal(c->origin, TCP_ORIGIN_HALF_OPEN);
	assert_int_equal(c->state, TCP_STATE_SYN_RECV);
	assert_int_equal(c->seen_ns, 5);
	/* It has the owner of the listener, by whatever way that one is known. */
	assert_int_equal(c->owner.pid, 7);
	assert_int_equal(c->owner.basis, OWNER_LISTENER);
	e.ts_ns = 9;
	assert_ptr_equal(sent_again(&e, NULL, 10), c);
	assert_int_equal(c->end_ns, 9);
	assert_int_equal(c->owner.pid, 7);
	assert_int_equal(c->n_retrans, 2);
	assert_int_equal(tcp_conn_cold(c)->n_synacks, 2);
	assert_ptr_not_equal(sent_again(&other, NULL, 10), c);
}

static void test_half_open_is_bounded(void **state)
{
	struct tcp_event e = synack(80, 4000), more = synack(80, 4001), no_end = synack(80, 0);

	assert_null(sent_again(&no_end, NULL, 10));
	assert_non_null(sent_again(&e, NULL, 1));
	assert_null(sent_again(&more, NULL, 1));
	/* What is there already goes on. */
	assert_non_null(sent_again(&e, NULL, 1));
	assert_int_equal(conns.n_alive, 1);
}

static void test_half_open_becomes_a_socket(void **state)
{
	struct tcp_event e = synack(80, 4000);
	struct tcp_conn *c = conns_make(&conns);

	assert_non_null(c);
	c->local = e.local;
	c->remote = e.remote;
	assert_false(half_open_complete(&conns, c));
	(void)sent_again(&e, NULL, 10);
	(void)sent_again(&e, NULL, 10);
	c->n_retrans = 3;
	assert_true(half_open_complete(&conns, c));
	assert_int_equal(c->n_retrans, 5);
	assert_int_equal(tcp_conn_cold(c)->n_synacks, 2);
	assert_int_equal(conns.n_alive, 1);
	/* And once more, when the connection has a cold part of its own. */
	(void)sent_again(&e, NULL, 10);
	assert_true(half_open_complete(&conns, c));
	assert_int_equal(tcp_conn_cold(c)->n_synacks, 3);
	assert_int_equal(conns.n_alive, 1);
}

#define HALF_OPEN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HALF_OPEN_TEST(test_half_open_is_one_connection_per_endpoints),
		HALF_OPEN_TEST(test_half_open_is_bounded),
		HALF_OPEN_TEST(test_half_open_becomes_a_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
