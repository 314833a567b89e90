// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "track/far-ends.h"

static struct tcp_conn conn(uint16_t lport, uint16_t rport, uint64_t seen_ns, uint64_t end_ns)
{
	static const uint8_t loopback[] = {127, 0, 0, 1};

	return (struct tcp_conn){
		.local = {ip_addr_v4(loopback), lport},
		.remote = {ip_addr_v4(loopback), rport},
		.seen_ns = seen_ns,
		.end_ns = end_ns,
	};
}

static void test_far_ends_of_the_same_time(void **state)
{
	struct far_ends f CLEANUP(far_ends_done) = {0};
	struct tcp_conn server = conn(80, 4000, 100, 200), client = conn(4000, 80, 90, 190);
	const struct far_end *other;

	assert_null(far_ends_find(&f, &client));
	assert_int_equal(far_ends_note(&f, &server, 7, 9), 0);
	other = far_ends_find(&f, &client);
	assert_non_null(other);
	assert_int_equal(other->tx_bytes, 7);
	assert_int_equal(other->rx_bytes, 9);
	/* One's own end is not the other one, and an earlier connection not this one. */
	assert_null(far_ends_find(&f, &server));
	client = conn(4000, 80, 201, 300);
	assert_null(far_ends_find(&f, &client));
	server = conn(80, 4000, 205, 300);
	assert_int_equal(far_ends_note(&f, &server, 1, 2), 0);
	assert_int_equal(far_ends_find(&f, &client)->tx_bytes, 1);
}

/* The same addresses in two network namespaces at the same time: either may be meant. */
static void test_far_ends_that_are_ambiguous(void **state)
{
	struct far_ends f CLEANUP(far_ends_done) = {0};
	struct tcp_conn server = conn(80, 4000, 100, 200), client = conn(4000, 80, 90, 190);

	assert_int_equal(far_ends_note(&f, &server, 7, 9), 0);
	server.seen_ns = 150;
	assert_int_equal(far_ends_note(&f, &server, 8, 8), 0);
	assert_null(far_ends_find(&f, &client));
}

static void test_far_ends_are_a_bounded_number(void **state)
{
	struct far_ends f CLEANUP(far_ends_done) = {0};

	for (uint32_t i = 0; i <= FAR_ENDS; i++) {
		struct tcp_conn c = conn((uint16_t)(1 + i), 80, 100, 200);

		assert_int_equal(far_ends_note(&f, &c, i, 0), 0);
	}
	assert_int_equal(map_count(&f.by_tuple), FAR_ENDS);
	assert_null(far_ends_find(&f, &(struct tcp_conn){
					      .local = conn(80, 1, 0, 0).local,
					      .remote = conn(80, 1, 0, 0).remote,
					      .end_ns = 300,
				      }));
	assert_non_null(far_ends_find(&f, &(struct tcp_conn){
						  .local = conn(80, 2, 0, 0).local,
						  .remote = conn(80, 2, 0, 0).remote,
						  .end_ns = 300,
					  }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_far_ends_of_the_same_time),
		cmocka_unit_test(test_far_ends_that_are_ambiguous),
		cmocka_unit_test(test_far_ends_are_a_bounded_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
