// SPDX-License-Identifier: MIT
/* troubled: who is in trouble, for how long, and who finds no room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>

#include "base/units.h"
#include "record/sample-budget.h"
#include "record/sample-queues.h"
#include "record/troubled.h"

/* A row of tcp_retransmit_skb, as far as it is looked at. */
struct row {
	uint8_t common[8];
	uint64_t sk;
	uint16_t sport, dport;
	uint8_t saddr_v6[16], daddr_v6[16];
};

static const struct row_ends places = {
	.is_known = true,
	.sk = offsetof(struct row, sk),
	.sk_size = 8,
	.sport = offsetof(struct row, sport),
	.dport = offsetof(struct row, dport),
	.source = offsetof(struct row, saddr_v6),
	.destination = offsetof(struct row, daddr_v6),
	.len = offsetof(struct row, daddr_v6) + 16,
};

static struct row row_of(uint64_t sk, uint16_t sport)
{
	struct row row = {.sk = sk, .sport = sport, .dport = 443};

	memset(row.saddr_v6 + 10, 0xff, 2);
	memset(row.daddr_v6 + 10, 0xff, 2);
	row.saddr_v6[15] = 1;
	row.daddr_v6[15] = 2;
	return row;
}

static void note(struct troubled *t, const struct row *row, uint64_t now)
{
	assert_int_equal(troubled_row(t, &places, (const uint8_t *)row, sizeof(*row), now), 0);
}

/* The same socket as sock_diag shows it. */
static struct socket_row socket_of(uint16_t sport, uint64_t cookie)
{
	return (struct socket_row){
		.family = AF_INET,
		.sport = sport,
		.dport = 443,
		.saddr = {0, 0, 0, 1},
		.daddr = {0, 0, 0, 2},
		.sock_cookie = cookie,
		.netns = 4000,
	};
}

static void test_troubled_by_rows(void **state)
{
	struct troubled *t = calloc(1, sizeof(*t));
	struct row row = row_of(0x1000, 5000), other = row_of(0x2000, 5001), none;
	struct socket_row socket = socket_of(5000, 7);

	note(t, &row, 10);
	note(t, &row, 20);
	note(t, &other, 30);
	assert_int_equal(t->n, 2);
	assert_int_equal(t->items[0].last_ns, 20);
	assert_true(troubled_is_at(&t->items[0].ends, &socket));
	assert_false(troubled_is_at(&t->items[1].ends, &socket));
	/* A row without a port, without a socket, or that is cut says nothing. */
	none = row_of(0x3000, 0);
	note(t, &none, 40);
	none = row_of(0, 5003);
	note(t, &none, 40);
	none = row_of(0x4000, 5004);
	assert_int_equal(troubled_row(t, &places, (const uint8_t *)&none, places.len - 1, 40), 0);
	assert_int_equal(t->n, 2);
	/* The address of a socket is used again. */
	none = row_of(0x1000, 6000);
	note(t, &none, 50);
	assert_int_equal(t->n, 2);
	assert_int_equal(t->items[1].ends.sport, 6000);
	troubled_done(t);
	free(t);
}

static void test_troubled_stay_and_go(void **state)
{
	struct troubled *t = calloc(1, sizeof(*t));
	struct socket_row socket = socket_of(5001, 7);
	struct row row;

	for (uint16_t i = 0; i < 3; i++) {
		row = row_of(0x1000u + i, (uint16_t)(5000 + i));
		note(t, &row, 10);
	}
	/* The second one goes on: its timer has fired. */
	socket.timer = 1;
	socket.retrans = 1;
	assert_int_equal(troubled_answer(t, 1, &socket, TROUBLED_STAY_NS), 0);
	troubled_age(t, TROUBLED_STAY_NS + 10);
	assert_int_equal(t->n, 3);
	troubled_age(t, TROUBLED_STAY_NS + 11);
	assert_int_equal(t->n, 1);
	assert_int_equal(t->items[0].ends.sport, 5001);
	assert_int_equal(t->items[0].cookie, 7);
	assert_int_equal(t->items[0].netns, 4000);
	/* It is still found by both keys, after it has moved. */
	row = row_of(0x1001, 5001);
	note(t, &row, 2 * TROUBLED_STAY_NS);
	assert_int_equal(t->n, 1);
	assert_int_equal(troubled_socket(t, &socket, 3 * TROUBLED_STAY_NS), 0);
	assert_int_equal(t->n, 1);
	assert_true(t->items[0].last_ns == 3 * TROUBLED_STAY_NS);
	troubled_done(t);
	free(t);
}

static void test_troubled_find_no_room(void **state)
{
	struct troubled *t = calloc(1, sizeof(*t));
	struct row row;

	for (uint16_t i = 0; i < TROUBLED_MAX + 3; i++) {
		row = row_of(0x1000u + i, (uint16_t)(5000 + i));
		note(t, &row, 10);
	}
	assert_int_equal(t->n, TROUBLED_MAX);
	assert_int_equal(t->n_left_out, 3);
	note(t, &row, 20);
	assert_int_equal(t->n_left_out, 4);
	/* One that is there already needs no room. */
	row = row_of(0x1000, 5000);
	note(t, &row, 20);
	assert_int_equal(t->n_left_out, 4);
	troubled_done(t);
	free(t);
}

/* A shut window is no event: only sock_diag shows it. */
static void test_troubled_by_sockets(void **state)
{
	struct troubled *t = calloc(1, sizeof(*t));
	struct socket_row socket = socket_of(5000, 7);
	struct row row = row_of(0x1000, 5001);

	assert_int_equal(troubled_socket(t, &socket, 10), 0);
	socket.timer = 1; /* sent, and not acknowledged yet */
	assert_int_equal(troubled_socket(t, &socket, 10), 0);
	socket.timer = 2; /* keepalive */
	socket.retrans = 1;
	assert_int_equal(troubled_socket(t, &socket, 10), 0);
	assert_int_equal(t->n, 0);
	socket.timer = 4;
	assert_int_equal(troubled_socket(t, &socket, 10), 0);
	assert_int_equal(troubled_socket(t, &socket, 20), 0);
	assert_int_equal(t->n, 1);
	assert_int_equal(t->items[0].last_ns, 20);
	/* One that a row has named is the same. */
	note(t, &row, 30);
	socket = socket_of(5001, 8);
	socket.timer = 4;
	assert_int_equal(troubled_socket(t, &socket, 40), 0);
	assert_int_equal(t->n, 2);
	assert_int_equal(t->items[1].cookie, 8);
	troubled_done(t);
	free(t);
}

static void test_queues_are_told_when_they_say_something(void **state)
{
	struct socket_row listener = {.sock_cookie = 1, .wqueue = 128};
	struct sample_queues q = {0};

	assert_int_equal(sample_queues_take(&q, &listener), 1);
	assert_int_equal(sample_queues_take(&q, &listener), 0);
	listener.rqueue = 3;
	assert_int_equal(sample_queues_take(&q, &listener), 1);
	assert_int_equal(sample_queues_take(&q, &listener), 1);
	/* That it is empty again is told once. */
	listener.rqueue = 0;
	assert_int_equal(sample_queues_take(&q, &listener), 1);
	assert_int_equal(sample_queues_take(&q, &listener), 0);
	listener.wqueue = 64;
	assert_int_equal(sample_queues_take(&q, &listener), 1);
	listener.sock_cookie = 2;
	assert_int_equal(sample_queues_take(&q, &listener), 1);
	sample_queues_done(&q);
}

static void test_budget(void **state)
{
	struct sample_budget b = {.ppm = 1000, .saved_ns = 5 * NSEC_PER_MSEC};

	sample_budget_earn(&b, 1000);
	assert_true(b.balance_ns == 5 * (int64_t)NSEC_PER_MSEC);
	sample_budget_spend(&b, 7 * NSEC_PER_MSEC);
	assert_false(sample_budget_has(&b));
	/* A millisecond a second. */
	sample_budget_earn(&b, 1000 + 2 * NSEC_PER_SEC);
	assert_true(b.balance_ns == 0);
	sample_budget_earn(&b, 1000 + 3 * NSEC_PER_SEC);
	assert_true(b.balance_ns == (int64_t)NSEC_PER_MSEC);
	sample_budget_earn(&b, 1000 + 1000000 * NSEC_PER_SEC);
	assert_true(b.balance_ns == 5 * (int64_t)NSEC_PER_MSEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_troubled_by_rows),
		cmocka_unit_test(test_troubled_stay_and_go),
		cmocka_unit_test(test_troubled_find_no_room),
		cmocka_unit_test(test_troubled_by_sockets),
		cmocka_unit_test(test_queues_are_told_when_they_say_something),
		cmocka_unit_test(test_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
