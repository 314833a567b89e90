// SPDX-License-Identifier: MIT
/* Connects that fail, get no answer or take long, on both sides of each threshold. */
#include "support/scene.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"

#define NOTICE	 DOCUMENT_NOTICE
#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

static void silent(void **state, size_t n, uint32_t syns, size_t ok, int level)
{
	struct scene *s = scene_anew(state);

	scene_end_attempts(s, n, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, syns);
	scene_end_calls(s, ok, 1, 2, 443);
	scene_expect(s, "unreachable", level);
}

static void test_unreachable(void **state)
{
	silent(state, 1, 2, 0, NOTHING);
	silent(state, 1, 3, 0, WARNING);
	silent(state, 2, 1, 0, NOTHING);
	silent(state, 3, 0, 0, CRITICAL);
	/* It answers others: then three must go unanswered, and 5 % of all. */
	silent(state, 2, 4, 1, NOTHING);
	silent(state, 3, 1, 57, WARNING);
	silent(state, 3, 1, 58, NOTHING);
}

/* An attempt that its process left soon, or that is young at the end of the tape, was not left
 * without an answer. */
static void left_after(void **state, enum tcp_ending ending, uint64_t ms, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < 3; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		c->was_established = false;
		c->established_ns = 0;
		c->ending = ending;
		c->end_ns = c->seen_ns + ms * NSEC_PER_MSEC;
		scene_end(s, c);
	}
	scene_expect(s, "unreachable", level);
}

static void test_unreachable_waits_for_an_answer(void **state)
{
	left_after(state, TCP_ENDING_ABORTED, 299, NOTHING);
	left_after(state, TCP_ENDING_ABORTED, 300, CRITICAL);
	left_after(state, TCP_ENDING_OPEN, 999, NOTHING);
	left_after(state, TCP_ENDING_OPEN, 1000, CRITICAL);
}

static void test_unreachable_is_told(void **state)
{
	struct scene *s = *state;

	scene_end_attempts(s, 3, 1, 2, 443, TCP_ENDING_TIMEOUT, 0, 2);
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "unreachable")->title, "10.0.1.2:443 "));
	assert_string_equal(scene_first(s, "unreachable")->command,
			    "tcptape connects --addr 10.0.1.2 --rport 443 a.tape");
}

static void silent_destinations(void **state, uint8_t n, size_t findings)
{
	struct scene *s = scene_anew(state);

	for (uint8_t i = 1; i <= n; i++)
		scene_end_attempts(s, 3, 1, i, 443, TCP_ENDING_TIMEOUT, 0, 0);
	scene_find(s);
	assert_int_equal(scene_count(s, "unreachable"), findings);
}

/* There are only a handful of findings, even where this host scans the internet. */
static void test_unreachable_many(void **state)
{
	silent_destinations(state, 5, 5);
	silent_destinations(state, 200, 5);
	assert_non_null(
		strstr(scene_first(*state, "unreachable")->title, "196 other destinations"));
}

static void refused(void **state, size_t n, size_t attempts, int level)
{
	struct scene *s = scene_anew(state);

	scene_end_attempts(s, n, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_calls(s, attempts - n, 1, 2, 443);
	scene_expect(s, "connects", level);
}

static void test_connects(void **state)
{
	refused(state, 2, 2, NOTHING);
	refused(state, 3, 60, WARNING);
	refused(state, 3, 61, NOTHING);
	refused(state, 9, 9, WARNING);
	refused(state, 10, 21, WARNING);
	refused(state, 10, 20, CRITICAL);
}

static void test_connects_words(void **state)
{
	struct scene *s = *state;

	scene_end_attempts(s, 3, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_calls(s, 2, 1, 2, 443);
	scene_find(s);
	assert_string_equal(scene_first(s, "connects")->title,
			    "3 of 5 connects to 10.0.1.2:443 were refused");
	s = scene_anew(state);
	scene_end_attempts(s, 6, 1, 2, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_end_attempts(s, 5, 1, 2, 443, TCP_ENDING_ERROR, EHOSTUNREACH, 0);
	scene_end_calls(s, 4, 1, 2, 443);
	scene_find(s);
	assert_string_equal(scene_first(s, "connects")->title,
			    "11 of 15 connects to 10.0.1.2:443 failed");
	assert_null(scene_first(s, "unreachable"));
}

static void test_connects_many(void **state)
{
	struct scene *s = *state;

	for (uint8_t i = 1; i <= 7; i++)
		scene_end_attempts(s, 3, 1, i, 443, TCP_ENDING_REMOTE_RESET, 0, 0);
	scene_find(s);
	assert_int_equal(scene_count(s, "connects"), 6);
}

static void slow_by_syn(void **state, size_t n, size_t ok, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < ok; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 443);

		scene_cold(s, c)->n_syns = i < n;
		scene_end(s, c);
	}
	scene_expect(s, "slow-connects", level);
}

static void test_slow_connects_by_syn(void **state)
{
	slow_by_syn(state, 2, 10, NOTHING);
	slow_by_syn(state, 3, 300, WARNING);
	slow_by_syn(state, 3, 301, NOTHING);
}

static void end_with_latency(struct scene *s, size_t n, uint8_t host, uint64_t ms)
{
	while (n--) {
		struct tcp_conn *c = scene_call(s, 1, host, 443);

		c->established_ns = c->seen_ns + ms * NSEC_PER_MSEC;
		scene_end(s, c);
	}
}

/* One destination among others that are faster. */
static void slower(void **state, size_t n, uint64_t ms, size_t n_rest, uint64_t rest_ms, int level)
{
	struct scene *s = scene_anew(state);

	end_with_latency(s, n, 2, ms);
	end_with_latency(s, n_rest, 3, rest_ms);
	scene_expect(s, "slow-connects", level);
}

static void test_slow_connects_by_latency(void **state)
{
	slower(state, 20, 500, 20, 10, NOTICE);
	slower(state, 19, 500, 20, 10, NOTHING);
	slower(state, 20, 500, 19, 10, NOTHING);
	slower(state, 20, 199, 20, 1, NOTHING);
	slower(state, 20, 200, 20, 1, NOTICE);
	slower(state, 20, 500, 20, 100, NOTHING);
	slower(state, 0, 0, 0, 0, NOTHING);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unreachable),
		TEST(test_unreachable_waits_for_an_answer),
		TEST(test_unreachable_is_told),
		TEST(test_unreachable_many),
		TEST(test_connects),
		TEST(test_connects_words),
		TEST(test_connects_many),
		TEST(test_slow_connects_by_syn),
		TEST(test_slow_connects_by_latency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
