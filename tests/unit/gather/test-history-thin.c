// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/units.h"
#include "gather/history-thin.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

static struct history_event items[256];
static size_t n_items;
static uint8_t widths[HISTORY_RANKS];

static int setup(void **state)
{
	n_items = 0;
	for (unsigned int r = 0; r < HISTORY_RANKS; r++)
		widths[r] = 0;
	return 0;
}

static void put(uint64_t ts_ns, enum history_event_kind kind, uint8_t detail, uint32_t value)
{
	items[n_items++] = (struct history_event){.ts_ns = ts_ns,
						  .until_ns = ts_ns,
						  .n = 1,
						  .kind = kind,
						  .detail = detail,
						  .value = value};
}

static void thin(size_t target)
{
	uint64_t last_ns = 0, before = 0, after = 0;

	for (size_t i = 0; i < n_items; i++)
		before += items[i].n;
	n_items = history_thin(items, n_items, target, widths);
	for (size_t i = 0; i < n_items; i++) {
		assert_true(items[i].ts_ns >= last_ns);
		assert_true(items[i].until_ns >= items[i].ts_ns);
		last_ns = items[i].ts_ns;
		after += items[i].n;
	}
	assert_int_equal(before, after);
}

static void test_few_events_stay_as_they_are(void **state)
{
	for (unsigned int i = 0; i < 10; i++)
		put(i, HISTORY_RETRANSMIT, TCP_CAUSE_FAST, 0);
	thin(10);
	assert_int_equal(n_items, 10);
	thin(9);
	assert_true(n_items < 10);
}

/* Fast retransmits go, and timeouts among them stay. */
static void test_frequent_events_go_first(void **state)
{
	size_t n = 0;

	for (unsigned int i = 0; i < 200; i++)
		put(i * NSEC_PER_SEC, HISTORY_RETRANSMIT, i % 10 ? TCP_CAUSE_FAST : TCP_CAUSE_RTO,
		    0);
	thin(100);
	assert_true(n_items <= 100);
	for (size_t i = 0; i < n_items; i++) {
		if (items[i].detail != TCP_CAUSE_RTO)
			continue;
		assert_int_equal(items[i].n, 1);
		n++;
	}
	assert_int_equal(n, 20);
	assert_int_equal(widths[HISTORY_RANK_TIMEOUT], 0);
}

/* Where events of a frequent kind are no more than a quarter of what is kept, they stay: those of
 * another kind are too many. */
static void test_few_of_a_frequent_kind_stay(void **state)
{
	for (unsigned int n_fast = 25; n_fast <= 26; n_fast++) {
		setup(state);
		for (unsigned int i = 0; i < 90; i++) {
			put(i * NSEC_PER_SEC, HISTORY_RETRANSMIT, TCP_CAUSE_RTO, 0);
			if (i < n_fast)
				put(i * NSEC_PER_SEC, HISTORY_RETRANSMIT, TCP_CAUSE_FAST, 0);
		}
		thin(100);
		assert_true(n_items <= 100);
		assert_true(widths[HISTORY_RANK_TIMEOUT]);
		assert_int_equal(widths[HISTORY_RANK_FREQUENT] > 0, n_fast == 26);
	}
}

/* Where there are too many timeouts they are merged, too, but no RST, and each error for itself. */
static void test_timeouts_go_next(void **state)
{
	size_t resets = 0, errors = 0;

	for (unsigned int i = 0; i < 200; i++)
		put(i * NSEC_PER_SEC, HISTORY_RETRANSMIT, TCP_CAUSE_RTO, i);
	put(200 * NSEC_PER_SEC, HISTORY_RESET, RESET_MIDSTREAM, 1);
	put(200 * NSEC_PER_SEC, HISTORY_RESET, RESET_MIDSTREAM, 0);
	put(200 * NSEC_PER_SEC, HISTORY_ERROR, 0, 104);
	put(200 * NSEC_PER_SEC, HISTORY_ERROR, 0, 110);
	thin(50);
	assert_true(n_items <= 50 && n_items > 20);
	/* The longest timeout. */
	assert_int_equal(items[n_items - 5].value, 199);
	for (size_t i = 0; i < n_items; i++) {
		resets += items[i].kind == HISTORY_RESET;
		errors += items[i].kind == HISTORY_ERROR;
	}
	assert_int_equal(resets, 2);
	assert_int_equal(errors, 2);
}

/* What is of one kind can always become one event, and no further. */
static void test_everything_of_a_kind_becomes_one(void **state)
{
	for (unsigned int i = 0; i < 100; i++)
		put(i * 3600 * NSEC_PER_SEC, HISTORY_STATE, (uint8_t)(1 + i % 2), 0);
	thin(2);
	assert_int_equal(n_items, 2);
	assert_int_equal(items[0].n, 50);
	assert_int_equal(items[0].until_ns, 98 * 3600 * NSEC_PER_SEC);
	thin(1);
	assert_int_equal(n_items, 2);
}

/* What was merged once is merged again with what came later. */
static void test_thinning_again(void **state)
{
	uint64_t at = 0;

	for (unsigned int round = 0; round < 50; round++) {
		while (n_items < 200) {
			at += NSEC_PER_MSEC * 10;
			put(at, HISTORY_CONGESTION, (uint8_t)(n_items % 3), 0);
		}
		thin(150);
		assert_true(n_items <= 150);
	}
	assert_true(n_items >= 40);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_few_events_stay_as_they_are),	     TEST(test_frequent_events_go_first),
		TEST(test_few_of_a_frequent_kind_stay),	     TEST(test_timeouts_go_next),
		TEST(test_everything_of_a_kind_becomes_one), TEST(test_thinning_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
