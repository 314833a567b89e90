// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/units.h"
#include "gather/conn-history.h"
#include "tcp/conn.h"
#include "tcp/names.h"

static struct conn_histories all;

static int setup(void **state)
{
	conn_histories_init(&all);
	return 0;
}

static int teardown(void **state)
{
	conn_histories_done(&all);
	return 0;
}

static struct conn_history *of(uint32_t id)
{
	const struct tcp_conn c = {.id = id, .state = TCP_STATE_ESTABLISHED, .state_ns = 77};
	struct conn_history *t;

	assert_int_equal(conn_histories_of(&all, &c, &t), 0);
	return t;
}

static void add(struct conn_history *t, uint64_t ts_ns, enum history_event_kind kind,
		uint8_t detail)
{
	const struct history_event m = {.ts_ns = ts_ns, .kind = kind, .detail = detail};

	assert_int_equal(conn_histories_add(&all, t, &m), 0);
}

static void test_history_find_take_give(void **state)
{
	const struct tcp_conn one = {.id = 1}, two = {.id = 2};
	struct conn_history *t;

	assert_null(conn_histories_find(&all, &one));
	assert_null(conn_histories_take(&all, &one));
	t = of(1);
	assert_int_equal(t->state, TCP_STATE_ESTABLISHED);
	assert_int_equal(t->state_ns, 77);
	assert_ptr_equal(conn_histories_find(&all, &one), t);
	assert_ptr_equal(of(1), t);
	assert_null(conn_histories_find(&all, &two));
	assert_ptr_equal(conn_histories_take(&all, &one), t);
	assert_null(conn_histories_find(&all, &one));
	conn_histories_give(&all, t);
	conn_histories_give(&all, NULL);
	assert_int_equal(all.n_records, 0);
}

static void test_history_many_at_once_are_one_event(void **state)
{
	struct conn_history *t = of(1);

	add(t, 1000, HISTORY_RETRANSMIT, TCP_CAUSE_FAST);
	add(t, 2000, HISTORY_RETRANSMIT, TCP_CAUSE_FAST);
	add(t, 3000, HISTORY_RETRANSMIT, TCP_CAUSE_FAST);
	assert_int_equal(t->n_events_kept, 1);
	assert_int_equal(t->first->items[0].kind, HISTORY_AGAIN);
	assert_int_equal(t->first->items[0].value, 3);
	assert_int_equal(t->first->items[0].ts_ns, 1000);
	/* Another cause, timeouts, and what comes later are events of their own. */
	add(t, 3001, HISTORY_RETRANSMIT, TCP_CAUSE_LOSS);
	add(t, 3002, HISTORY_RETRANSMIT, TCP_CAUSE_RTO);
	add(t, 3003, HISTORY_RETRANSMIT, TCP_CAUSE_RTO);
	add(t, NSEC_PER_SEC, HISTORY_RETRANSMIT, TCP_CAUSE_FAST);
	add(t, 2 * NSEC_PER_SEC, HISTORY_RETRANSMIT, TCP_CAUSE_FAST);
	assert_int_equal(t->n_events_kept, 6);
}

static uint32_t count(const struct conn_history *t)
{
	uint64_t last_ns = 0;
	uint32_t n = 0;

	for (const struct history_piece *p = t->first; p; p = p->next) {
		for (uint32_t i = 0; i < p->n; i++, n++) {
			assert_true(p->items[i].ts_ns >= last_ns);
			last_ns = p->items[i].ts_ns;
		}
	}
	return n;
}

/* Of one connection so many are kept; the rest is counted, and pieces come back. */
static void test_history_is_bounded(void **state)
{
	const struct tcp_conn one = {.id = 1};
	struct conn_history *t = of(1);

	for (uint32_t i = 0; i < 10000; i++)
		add(t, i, HISTORY_STATE, 1);
	assert_int_equal(t->n_events_kept + t->n_left_out, 10000);
	assert_true(t->n_events_kept >= 100 && t->n_events_kept < 1000);
	assert_int_equal(count(t), t->n_events_kept);
	conn_histories_give(&all, conn_histories_take(&all, &one));
	assert_int_equal(all.n_pieces, 0);
	t = of(2);
	assert_int_equal(t->n_events_kept, 0);
	assert_null(t->first);
	assert_int_equal(t->worst_run.n, 0);
}

static void test_history_no_room_is_counted(void **state)
{
	uint32_t id = 1;

	while (id < 1u << 20 && of(id))
		id++;
	assert_true(id < 1u << 20);
	assert_int_equal(all.n_refused, 1);
	/* Those that are there are found, and room comes back. */
	assert_non_null(of(1));
	conn_histories_give(&all, conn_histories_take(&all, &(struct tcp_conn){.id = 1}));
	assert_non_null(of(id));
}

static void test_history_runs(void **state)
{
	struct conn_history *t = of(1);

	assert_true(conn_history_timeout(t, 100, 0));
	assert_false(conn_history_timeout(t, 200, 0));
	assert_false(conn_history_timeout(t, 400, 0));
	assert_int_equal(t->worst_run.n, 3);
	assert_int_equal(t->worst_run.from_ns, 100);
	assert_int_equal(t->worst_run.to_ns, 400);
	conn_history_moves(t);
	assert_int_equal(t->run.n, 0);
	/* A shorter run changes nothing; a longer one does. */
	assert_true(conn_history_timeout(t, 1000, 0));
	assert_false(conn_history_timeout(t, 1100, 0));
	assert_int_equal(t->worst_run.from_ns, 100);
	assert_false(conn_history_timeout(t, 1200, 0));
	assert_int_equal(t->worst_run.from_ns, 100);
	assert_false(conn_history_timeout(t, 1300, 0));
	assert_int_equal(t->worst_run.n, 4);
	assert_int_equal(t->worst_run.from_ns, 1000);
	assert_int_equal(t->worst_run.to_ns, 1300);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_history_find_take_give), TEST(test_history_many_at_once_are_one_event),
		TEST(test_history_is_bounded),	   TEST(test_history_no_room_is_counted),
		TEST(test_history_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
