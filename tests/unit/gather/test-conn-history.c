// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/units.h"
#include "gather/conn-history.h"
#include "gather/timeout-runs.h"
#include "tcp/conn.h"
#include "tcp/names.h"

static struct conn_histories all;

static int setup(void **state)
{
	return conn_histories_init(&all);
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
	assert_int_equal(t->first->items[0].n, 3);
	assert_int_equal(t->first->items[0].ts_ns, 1000);
	assert_int_equal(t->first->items[0].until_ns, 3000);
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

/* The number of events in the history, those that were merged included. */
static uint64_t total(const struct conn_history *t)
{
	uint64_t n = 0;

	for (const struct history_piece *p = t->first; p; p = p->next) {
		for (uint32_t i = 0; i < p->n; i++)
			n += p->items[i].n;
	}
	return n;
}

/* A history has so many events and no more, and covers the whole life all the same: none is left
 * out, and pieces come back. */
static void test_history_is_bounded(void **state)
{
	const struct tcp_conn one = {.id = 1};
	struct conn_history *t = of(1);

	for (uint32_t i = 0; i < 10000; i++)
		add(t, i * NSEC_PER_SEC / 100, HISTORY_RETRANSMIT, TCP_CAUSE_FAST);
	assert_int_equal(t->n_left_out, 0);
	assert_int_equal(total(t), 10000);
	assert_true(t->n_events_kept >= 100 && t->n_events_kept <= 238);
	assert_int_equal(count(t), t->n_events_kept);
	assert_int_equal(t->last->items[t->last->n - 1].until_ns, 9999 * NSEC_PER_SEC / 100);
	conn_histories_give(&all, conn_histories_take(&all, &one));
	assert_int_equal(all.n_pieces, 0);
	t = of(2);
	assert_int_equal(t->n_events_kept, 0);
	assert_null(t->first);
	assert_int_equal(t->worst_run.n, 0);
}

/* Of 5.3 seconds of a bulk transfer with losses all the time, every timeout, the error and the end
 * are kept one by one, from the first to the last. */
static void test_history_keeps_what_matters(void **state)
{
	static const uint64_t at_ms[] = {300, 2600, 2800, 3200, 5250};
	struct conn_history *t = of(1);
	struct history_event items[256];
	size_t n, rto = 0, states = 0, next = 0;

	for (uint64_t us = 0; us < 5300000; us += 2000) {
		if (next < ARRAY_SIZE(at_ms) && us >= at_ms[next] * 1000) {
			add(t, us * 1000 + 1, HISTORY_RETRANSMIT, TCP_CAUSE_RTO);
			next++;
		}
		add(t, us * 1000 + 2, HISTORY_CONGESTION, us / 2000 % 4);
		add(t, us * 1000 + 3, HISTORY_RETRANSMIT, TCP_CAUSE_FAST + us / 2000 % 2);
	}
	add(t, 5300 * NSEC_PER_MSEC, HISTORY_STATE, TCP_STATE_CLOSE);
	n = conn_history_events(t, items, 256);
	for (size_t i = 0; i < n; i++) {
		bool is_rto =
			items[i].kind == HISTORY_RETRANSMIT && items[i].detail == TCP_CAUSE_RTO;

		if (is_rto) {
			assert_int_equal(items[i].n, 1);
			assert_int_equal(items[i].ts_ns / NSEC_PER_MSEC, at_ms[rto++]);
		}
		states += items[i].kind == HISTORY_STATE;
	}
	assert_int_equal(rto, ARRAY_SIZE(at_ms));
	assert_int_equal(states, 1);
	assert_int_equal(items[n - 1].kind, HISTORY_STATE);
	assert_int_equal(t->n_left_out, 0);
	assert_int_equal(total(t), 2 * 2650 + ARRAY_SIZE(at_ms) + 1);
}

/* When the room for all histories is used up, the long ones become shorter, and those that come
 * later get theirs. */
static void test_history_has_room_for_late_ones(void **state)
{
	uint32_t id = 1;
	struct conn_history *t;

	for (; id <= 9000; id++) {
		t = of(id);
		for (uint32_t i = 0; i < 300; i++)
			add(t, i * NSEC_PER_SEC, HISTORY_RETRANSMIT, TCP_CAUSE_RTO);
		assert_int_equal(t->n_left_out, 0);
		assert_int_equal(total(t), 300);
	}
	assert_true(all.events_max < 238);
	assert_true(of(1)->n_events_kept <= all.events_max);
	assert_int_equal(total(of(1)), 300);
	assert_int_equal(count(of(1)), of(1)->n_events_kept);
}

/* Attempts that nobody answers do not take the room of connections. */
static void test_history_no_room_is_counted(void **state)
{
	const struct tcp_conn late = {.id = 1u << 20, .was_established = true};
	struct conn_history *t;
	uint32_t id = 1;

	while (id < 1u << 20 && of(id))
		id++;
	assert_true(id < 1u << 20);
	assert_int_equal(all.n_refused, 1);
	/* Those that are there are found, and room comes back. */
	assert_non_null(of(1));
	conn_histories_give(&all, conn_histories_take(&all, &(struct tcp_conn){.id = 1}));
	assert_non_null(of(id));
	assert_int_equal(conn_histories_of(&all, &late, &t), 0);
	assert_non_null(t);
}

/* Trouble does not begin with a change of state, or of the congestion state. */
static void test_history_trouble(void **state)
{
	struct conn_history *t = of(1);

	assert_int_equal(conn_history_trouble_ns(t), 0);
	add(t, 1, HISTORY_CONGESTION, TCP_CA_STATE_CWR);
	add(t, 2, HISTORY_STATE, TCP_STATE_CLOSE_WAIT);
	assert_int_equal(conn_history_trouble_ns(t), 0);
	add(t, 3, HISTORY_RETRANSMIT, TCP_CAUSE_RTO);
	assert_int_equal(conn_history_trouble_ns(t), 3);
}

/* The changes of state before the first event are a part of the history. */
static void test_history_begins_with_earlier_states(void **state)
{
	struct tcp_conn c = {.id = 9, .is_born = true, .established_ns = 20};
	struct conn_history *t;

	recent_states_note(&all.recent, 9, TCP_STATE_SYN_RECV, TCP_STATE_ESTABLISHED, 20);
	recent_states_note(&all.recent, 9, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT1, 30);
	recent_states_note(&all.recent, 9, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2, 40);
	c.state = TCP_STATE_FIN_WAIT2;
	c.state_ns = 40;
	assert_int_equal(conn_histories_of(&all, &c, &t), 0);
	assert_int_equal(t->state, TCP_STATE_ESTABLISHED);
	assert_int_equal(t->state_ns, 20);
	assert_int_equal(t->n_events_kept, 2);
	assert_int_equal(t->first->items[0].detail, TCP_STATE_FIN_WAIT1);
	assert_int_equal(t->first->items[0].ts_ns, 30);
	assert_int_equal(t->first->items[1].detail, TCP_STATE_FIN_WAIT2);
	/* The list of another connection, and one that does not lead to the state, are no use. */
	c.id = 9 + 8192;
	assert_int_equal(conn_histories_of(&all, &c, &t), 0);
	assert_int_equal(t->state, TCP_STATE_FIN_WAIT2);
	assert_int_equal(t->n_events_kept, 0);
	recent_states_note(&all.recent, 10, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, 30);
	c.id = 10;
	assert_int_equal(conn_histories_of(&all, &c, &t), 0);
	assert_int_equal(t->state, TCP_STATE_FIN_WAIT2);
	assert_int_equal(t->n_events_kept, 0);
}

static void test_history_runs(void **state)
{
	struct conn_history *t = of(1);

	assert_true(conn_history_timeout(t, 100, 0, TCP_STATE_ESTABLISHED));
	assert_false(conn_history_timeout(t, 200, 0, TCP_STATE_ESTABLISHED));
	assert_false(conn_history_timeout(t, 400, 0, TCP_STATE_ESTABLISHED));
	assert_int_equal(t->worst_run.n, 3);
	assert_int_equal(t->worst_run.from_ns, 100);
	assert_int_equal(t->worst_run.to_ns, 400);
	conn_history_moves(t, 500);
	assert_int_equal(t->run.n, 0);
	assert_int_equal(t->worst_run.moved_ns, 500);
	/* A shorter run changes nothing; a longer one does. */
	assert_true(conn_history_timeout(t, 1000, 0, TCP_STATE_ESTABLISHED));
	assert_false(conn_history_timeout(t, 1100, 0, TCP_STATE_ESTABLISHED));
	assert_int_equal(t->worst_run.from_ns, 100);
	assert_false(conn_history_timeout(t, 1200, 0, TCP_STATE_ESTABLISHED));
	assert_int_equal(t->worst_run.from_ns, 100);
	assert_false(conn_history_timeout(t, 1300, 0, TCP_STATE_ESTABLISHED));
	assert_int_equal(t->worst_run.n, 4);
	assert_int_equal(t->worst_run.from_ns, 1000);
	assert_int_equal(t->worst_run.to_ns, 1300);
}

static void timeouts(struct conn_history *t, uint64_t from_ns, unsigned int n)
{
	while (n--)
		conn_history_timeout(t, from_ns++, 0, TCP_STATE_ESTABLISHED);
}

/* A failure of the current run is no failure of an earlier one that was as long. */
static void test_history_failure_of_an_equal_run(void **state)
{
	struct conn_history *t = of(1);

	timeouts(t, 100, 3);
	conn_history_failed(t);
	conn_history_moves(t, 200);
	timeouts(t, 300, 3);
	conn_history_failed(t);
	conn_history_failed(t);
	assert_int_equal(t->worst_run.from_ns, 100);
	assert_int_equal(t->worst_run.n_failed, 1);
}

/* Timeouts at which the first copy still waited here make a stall, but no series of lost data, and
 * only what was sent counts as retransmitted. */
static void test_history_run_of_queued(void **state)
{
	struct conn_history *t = of(1);

	for (unsigned int i = 0; i < 3; i++)
		conn_history_queued(t, 100 + i, TCP_STATE_ESTABLISHED);
	assert_int_equal(t->worst_run.n, 3);
	assert_int_equal(t->worst_run.n_queued, 3);
	assert_int_equal(t->worst_run.n_failed, 3);
	assert_int_equal(t->stall_series, 0);
	assert_int_equal(t->stall_retrans, 0);
	assert_false(conn_history_timeout(t, 200, 0, TCP_STATE_ESTABLISHED));
	assert_int_equal(t->worst_run.n, 4);
	assert_int_equal(t->stall_series, 0);
	assert_int_equal(t->stall_retrans, 1);
	/* A series that began before them is counted once. */
	conn_history_moves(t, 300);
	timeouts(t, 400, 1);
	conn_history_queued(t, 500, TCP_STATE_ESTABLISHED);
	conn_history_queued(t, 600, TCP_STATE_ESTABLISHED);
	assert_false(conn_history_timeout(t, 700, 0, TCP_STATE_ESTABLISHED));
	assert_int_equal(t->stall_series, 1);
	assert_int_equal(t->stall_retrans, 3);
}

/* The first timeout is not measured: it began four ninths of the second one earlier, at least. */
static void test_history_run_begins_before_its_first_timeout(void **state)
{
	const uint64_t first_ns = 10 * NSEC_PER_SEC;
	struct conn_history *t = of(1);

	conn_history_timeout(t, first_ns, 0, TCP_STATE_ESTABLISHED);
	assert_int_equal(t->run.from_ns, first_ns);
	conn_history_timeout(t, first_ns + 900 * NSEC_PER_MSEC, 900000, TCP_STATE_ESTABLISHED);
	assert_int_equal(t->worst_run.from_ns, first_ns - 400 * NSEC_PER_MSEC);
	assert_int_equal(t->worst_run.first_ns, first_ns);
	assert_int_equal(t->worst_run.waits_us[0], 900000);
}

/* A run that the table at the start shows goes on. Only its timeouts on the tape count. */
static void test_history_run_from_before(void **state)
{
	const struct timeout_run before = {.n = 5, .from_ns = 40, .first_ns = 50, .to_ns = 90};
	struct conn_history *t = of(1);

	conn_history_tabled(t, &before, true);
	assert_int_equal(t->worst_run.n, 5);
	assert_false(conn_history_timeout(t, 200, 0, TCP_STATE_ESTABLISHED));
	assert_false(conn_history_timeout(t, 400, 7, TCP_STATE_ESTABLISHED));
	assert_int_equal(t->worst_run.n, 7);
	assert_int_equal(t->worst_run.n_before, 5);
	assert_int_equal(t->worst_run.from_ns, 40);
	assert_int_equal(t->worst_run.to_ns, 400);
	assert_int_equal(t->worst_run.waits_us[0], 7);
	assert_int_equal(t->stall_series, 0);
	assert_int_equal(t->stall_retrans, 2);
	/* The table at the end has seen one timeout more than the events. */
	conn_history_tabled(t, &(struct timeout_run){.n = 8, .from_ns = 45, .to_ns = 500}, false);
	assert_int_equal(t->run.n, 8);
	assert_int_equal(t->run.from_ns, 40);
	assert_int_equal(t->run.to_ns, 500);
}

/* An answer elsewhere counts between two timeouts: one before the first says nothing. */
static void test_history_answers_elsewhere(void **state)
{
	struct conn_history *t = of(1);

	timeouts(t, 100, 1);
	conn_history_answered_elsewhere(t, 99);
	conn_history_timeout(t, 200, 0, TCP_STATE_ESTABLISHED);
	conn_history_answered_elsewhere(t, 100);
	assert_int_equal(t->worst_run.elsewhere_ns, 0);
	conn_history_answered_elsewhere(t, 200);
	assert_int_equal(t->worst_run.elsewhere_ns, 0);
	conn_history_answered_elsewhere(t, 150);
	assert_int_equal(t->worst_run.elsewhere_ns, 150);
}

/* Only the FIN: all data was acknowledged, and none was retransmitted. */
static void test_history_of_a_fin(void **state)
{
	struct conn_history *t = of(1);

	conn_history_timeout(t, 100, 0, TCP_STATE_FIN_WAIT1);
	assert_false(conn_history_is_of_fin(t));
	t->figures = (struct stall_figures){.is_known = true, .is_data_acked = true};
	assert_true(conn_history_is_of_fin(t));
	t->figures.is_data_acked = false;
	assert_false(conn_history_is_of_fin(t));
	t->figures.is_data_acked = t->figures.is_data_resent = true;
	/* Data had been retransmitted earlier, but what goes on at the end is the FIN. */
	assert_true(conn_history_is_of_fin(t));
	conn_history_moves(t, 200);
	assert_false(conn_history_is_of_fin(t));
	t = of(2);
	conn_history_timeout(t, 100, 0, TCP_STATE_ESTABLISHED);
	t->figures = (struct stall_figures){.is_known = true, .is_data_acked = true};
	assert_false(conn_history_is_of_fin(t));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_history_find_take_give),
		TEST(test_history_many_at_once_are_one_event),
		TEST(test_history_is_bounded),
		TEST(test_history_keeps_what_matters),
		TEST(test_history_has_room_for_late_ones),
		TEST(test_history_no_room_is_counted),
		TEST(test_history_begins_with_earlier_states),
		TEST(test_history_trouble),
		TEST(test_history_runs),
		TEST(test_history_failure_of_an_equal_run),
		TEST(test_history_run_of_queued),
		TEST(test_history_run_begins_before_its_first_timeout),
		TEST(test_history_run_from_before),
		TEST(test_history_answers_elsewhere),
		TEST(test_history_of_a_fin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
