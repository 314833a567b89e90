// SPDX-License-Identifier: MIT
/* What differs between two incidents, and what may be chance. */
#include "by-hand.h"

#include <string.h>

#include "detect/changes.h"

#define TEST(fn) cmocka_unit_test(fn)

/* The change of a metric at one peer; 0: all. */
static struct change between(enum change_metric m, struct counters before, struct counters after,
			     bool is_at_peer)
{
	const struct conn_subject to = caller_of(1, 2, 443);
	struct by_hand *sides[2];
	struct changes c;
	struct change r;
	void *state;

	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(by_hand_setup(&state), 0);
		sides[i] = state;
		by_hand_add(sides[i], &to, i ? &after : &before);
	}
	assert_int_equal(changes_make(&c, &sides[0]->in, &sides[1]->in), 0);
	if (is_at_peer) {
		struct group_key key;
		const struct change_group *g;

		assert_true(group_key_of(GROUP_BY_PEER, &to, &key));
		g = groups_find(&c.groups[GROUP_BY_PEER], &key);
		assert_non_null(g);
		r = change_of(&c, g->counts, m);
	} else {
		r = change_of(&c, c.total, m);
	}
	changes_done(&c);
	for (unsigned int i = 0; i < 2; i++) {
		state = sides[i];
		by_hand_teardown(&state);
	}
	return r;
}

static struct counters resent(uint64_t segs, uint64_t sent)
{
	return (struct counters){.conns = 10,
				 .established = 10,
				 .with_tcp_info = 10,
				 .segs = sent / 1448,
				 .resegs = segs,
				 .sent_bytes = sent};
}

static void test_changes_against_traffic(void **state)
{
	struct change c =
		between(CHANGE_RETRANS, resent(10, 14480000), resent(100, 14480000), false);

	assert_true(c.is_significant);
	assert_false(c.is_per_second);
	assert_true(c.z > 0);
	/* Ten times the traffic is no more loss. */
	c = between(CHANGE_RETRANS, resent(10, 14480000), resent(100, 144800000), false);
	assert_false(c.is_significant);
	c = between(CHANGE_RETRANS, resent(100, 14480000), resent(10, 14480000), true);
	assert_true(c.is_significant);
	assert_true(c.z < 0);
}

/* Few events are chance, and so is less than twice as much. */
static void test_changes_by_chance(void **state)
{
	assert_false(between(CHANGE_RETRANS, resent(0, 14480000), resent(9, 14480000), false)
			     .is_significant);
	assert_false(between(CHANGE_RETRANS, resent(10, 14480000), resent(20, 14480000), false)
			     .is_significant);
	assert_false(between(CHANGE_RETRANS, resent(1000, 14480000), resent(1999, 14480000), false)
			     .is_significant);
	assert_true(between(CHANGE_RETRANS, resent(1000, 14480000), resent(2000, 14480000), false)
			    .is_significant);
	assert_true(
		between(CHANGE_RETRANS, resent(0, 14480000), resent(40, 14480000), false).is_new);
}

/* Without traffic on one side there is time to measure against. */
static void test_changes_against_time(void **state)
{
	struct change c = between(CHANGE_RETRANS, resent(0, 0), resent(100, 1448000), true);

	assert_true(c.is_per_second);
	assert_true(c.is_significant);
	assert_true(c.rates[1] > 9 && c.rates[1] < 11);
	/* Who has no connections any more has not got better. */
	c = between(CHANGE_RETRANS, resent(100, 1448000), (struct counters){0}, true);
	assert_true(c.is_gone);
	assert_false(c.is_significant);
}

static void test_changes_of_failures(void **state)
{
	struct counters before = {.conns = 100, .attempts = 100, .unanswered = 1};
	struct counters after = {.conns = 100, .attempts = 100, .unanswered = 60};

	assert_true(between(CHANGE_FAILURES, before, after, true).is_significant);
	assert_true(between(CHANGE_FAILURES, after, before, true).is_significant);
	assert_false(between(CHANGE_FAILURES, after, after, true).is_significant);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_changes_against_traffic),
		TEST(test_changes_by_chance),
		TEST(test_changes_against_time),
		TEST(test_changes_of_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
