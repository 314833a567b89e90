// SPDX-License-Identifier: MIT
/* Tests of handoff: everything that is given comes back, and threads end wherever they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/handoff.h"

#define NUMBERS 2000u

/* The owner gives numbers, the threads return their squares' sum. */
struct squares {
	struct handoff handoff;
	uint64_t n_given, n_taken, n_returned;
	uint64_t sum;
};

static void *squares_main(void *userdata)
{
	struct squares *s = userdata;

	handoff_lock(&s->handoff);
	for (;;) {
		uint64_t number;

		while (s->n_taken == s->n_given && !s->handoff.is_ending)
			handoff_wait_given(&s->handoff);
		if (s->n_taken == s->n_given)
			break;
		number = s->n_taken++;
		handoff_unlock(&s->handoff);
		number *= number;
		handoff_lock(&s->handoff);
		s->sum += number;
		s->n_returned++;
		handoff_return(&s->handoff);
	}
	handoff_unlock(&s->handoff);
	return NULL;
}

static void squares_give(struct squares *s, uint64_t n)
{
	handoff_lock(&s->handoff);
	for (uint64_t i = 0; i < n; i++) {
		s->n_given++;
		handoff_give(&s->handoff);
	}
	handoff_unlock(&s->handoff);
}

static void test_handoff_returns_what_is_given(void **state)
{
	for (size_t n_threads = 1; n_threads <= HANDOFF_THREADS_MAX; n_threads += 3) {
		struct squares s = {0};
		uint64_t expected = 0;

		assert_int_equal(handoff_init(&s.handoff, NULL), 0);
		for (size_t i = 0; i < n_threads; i++)
			assert_int_equal(handoff_start(&s.handoff, squares_main, &s, NULL), 0);
		for (uint64_t i = 0; i < NUMBERS; i++) {
			expected += i * i;
			squares_give(&s, 1);
		}
		handoff_lock(&s.handoff);
		while (s.n_returned < NUMBERS)
			handoff_wait_returned(&s.handoff);
		assert_int_equal(s.sum, expected);
		handoff_unlock(&s.handoff);
		handoff_done(&s.handoff);
	}
}

/* What was given before the end is done before the end. */
static void test_handoff_ends_after_what_was_given(void **state)
{
	struct squares s = {0};

	assert_int_equal(handoff_init(&s.handoff, NULL), 0);
	assert_int_equal(handoff_start(&s.handoff, squares_main, &s, NULL), 0);
	squares_give(&s, NUMBERS);
	handoff_end(&s.handoff);
	assert_int_equal(s.n_returned, NUMBERS);
	assert_int_equal(s.handoff.n_threads, 0);
	handoff_end(&s.handoff);
	handoff_done(&s.handoff);
}

static void test_handoff_ends_threads_that_wait(void **state)
{
	struct squares s = {0};

	assert_int_equal(handoff_init(&s.handoff, NULL), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(handoff_start(&s.handoff, squares_main, &s, NULL), 0);
	handoff_done(&s.handoff);
	assert_int_equal(s.n_returned, 0);
}

static void test_handoff_that_was_never_made(void **state)
{
	struct handoff h = {0};

	handoff_end(&h);
	handoff_done(&h);
	assert_false(h.has_lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handoff_returns_what_is_given),
		cmocka_unit_test(test_handoff_ends_after_what_was_given),
		cmocka_unit_test(test_handoff_ends_threads_that_wait),
		cmocka_unit_test(test_handoff_that_was_never_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
