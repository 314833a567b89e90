// SPDX-License-Identifier: MIT
/* What differs between two tapes, and what may be chance. */
#include "support/scene.h"

#include <string.h>

#include "detect/changes.h"

#define TEST(fn) cmocka_unit_test(fn)

/* What happens on a tape. */
struct side {
	struct tcp_info_growth growth; /* of each of the connections that have figures */
	size_t n_figures;	       /* how many have */
	size_t n_silent, n_ok;	       /* attempts without an answer, and with one */
};

static void play(struct scene *s, const struct side *side)
{
	for (size_t i = 0; i < side->n_figures; i++)
		scene_transfer(s, 1, 2, &side->growth);
	scene_end_attempts(s, side->n_silent, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 0);
	scene_end_calls(s, side->n_ok, 1, 2, 443);
	/* So that both tapes last equally long, though nothing happens at the peer. */
	scene_end_calls(s, 1, 9, 9, 80);
	scene_find(s);
}

/* The change of a metric, at one peer or of all. */
static struct change between(enum change_metric m, const struct side *before,
			     const struct side *after, bool is_at_peer)
{
	const struct conn_subject to = {.remote = scene_peer(1, 2, 443)};
	struct scene *sides[2];
	struct changes c;
	struct change r;
	void *state;

	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(scene_setup(&state), 0);
		sides[i] = state;
		play(sides[i], i ? after : before);
	}
	assert_int_equal(changes_make(&c, &sides[0]->in, &sides[1]->in), 0);
	if (is_at_peer) {
		struct group_key key;
		const struct change_group *g;

		assert_true(group_key_of(GROUP_BY_PEER, &to, &key));
		g = groups_find(&c.groups[GROUP_BY_PEER], &key);
		assert_non_null(g);
		r = change_of_group(&c, g, m);
	} else {
		r = change_of(&c, c.total, m);
	}
	changes_done(&c);
	for (unsigned int i = 0; i < 2; i++) {
		state = sides[i];
		scene_teardown(&state);
	}
	return r;
}

/* Ten connections that together retransmitted so many segments, of so many bytes. */
static struct side retransmitted(uint32_t segs, uint64_t sent)
{
	return (struct side){
		.growth = {.segs = (uint32_t)(sent / 1448 / 10),
			   .retrans_segs = segs / 10,
			   .sent_bytes = sent / 10},
		.n_figures = 10,
	};
}

static bool is_significant(uint32_t before, uint32_t after, uint64_t sent_after)
{
	const struct side sides[2] = {retransmitted(before, 14480000),
				      retransmitted(after, sent_after)};

	return between(CHANGE_RETRANS, &sides[0], &sides[1], false).is_significant;
}

static void test_changes_against_traffic(void **state)
{
	const struct side few = retransmitted(10, 14480000), many = retransmitted(100, 14480000);
	struct change c = between(CHANGE_RETRANS, &few, &many, false);

	assert_true(c.is_significant);
	assert_false(c.is_per_second);
	assert_true(c.z > 0);
	/* Ten times the traffic is no more loss. */
	assert_false(is_significant(10, 100, 144800000));
	c = between(CHANGE_RETRANS, &many, &few, true);
	assert_true(c.is_significant);
	assert_true(c.z < 0);
}

/* Few events are chance, and so is less than twice as much. */
static void test_changes_by_chance(void **state)
{
	const struct side none = retransmitted(0, 14480000), some = retransmitted(40, 14480000);

	assert_false(is_significant(10, 20, 14480000));
	assert_false(is_significant(1000, 1990, 14480000));
	assert_true(is_significant(1000, 2000, 14480000));
	assert_true(between(CHANGE_RETRANS, &none, &some, false).is_new);
	assert_true(is_significant(0, 40, 14480000));
}

/* Without traffic on one side there is time to measure against. */
static void test_changes_against_time(void **state)
{
	const struct side none = retransmitted(0, 0), some = retransmitted(100, 1448000);
	const struct side nobody = {0};
	struct change c = between(CHANGE_RETRANS, &none, &some, true);

	assert_true(c.is_per_second);
	assert_true(c.is_significant);
	assert_true(c.rates[1] > 9 && c.rates[1] < 11);
	/* A peer that has no connections any more has not got better, nor has a new one got
	 * worse. */
	c = between(CHANGE_RETRANS, &some, &nobody, true);
	assert_true(c.is_gone && c.is_incomparable);
	assert_false(c.is_significant);
	c = between(CHANGE_RETRANS, &nobody, &some, true);
	assert_true(c.is_new && c.is_incomparable);
	assert_false(c.is_significant);
}

/* Where nobody connects any more, nothing got better. */
static void test_changes_without_connections(void **state)
{
	struct change_count counts[CHANGE_METRICS] = {
		[CHANGE_RETRANS] = {{{.n = 100}, {.n = 0}}},
		[CHANGE_CONNECTIONS] = {{{.n = 50}, {.n = 0}}},
	};
	const struct changes c = {.seconds = {10, 10}};

	assert_false(change_of(&c, counts, CHANGE_RETRANS).is_significant);
	counts[CHANGE_CONNECTIONS].sides[1].n = 1;
	assert_true(change_of(&c, counts, CHANGE_RETRANS).is_significant);
}

static void test_changes_of_failures(void **state)
{
	const struct side before = {.n_silent = 1, .n_ok = 99},
			  after = {.n_silent = 60, .n_ok = 40};

	assert_true(between(CHANGE_FAILURES, &before, &after, true).is_significant);
	assert_true(between(CHANGE_FAILURES, &after, &before, true).is_significant);
	assert_false(between(CHANGE_FAILURES, &after, &after, true).is_significant);
}

/* Ten events in both together are the least that counts. */
static void test_changes_of_few_events(void **state)
{
	const struct side none = {.n_ok = 2000}, nine = {.n_silent = 9}, ten = {.n_silent = 10};

	assert_false(between(CHANGE_FAILURES, &none, &nine, true).is_significant);
	assert_true(between(CHANGE_FAILURES, &none, &ten, true).is_significant);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_changes_against_traffic), TEST(test_changes_by_chance),
		TEST(test_changes_against_time),    TEST(test_changes_of_failures),
		TEST(test_changes_of_few_events),   TEST(test_changes_without_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
