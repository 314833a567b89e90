// SPDX-License-Identifier: MIT
/* sample-queues: which accept queues are told, and when again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "record/sample-queues.h"

/* Whether the queue of a listener is told, with so many connections in it, and room for so many. */
static int told(struct sample_queues *q, uint64_t cookie, uint32_t queue, uint32_t limit)
{
	const struct socket_row row = {.sock_cookie = cookie, .rqueue = queue, .wqueue = limit};

	return sample_queues_take(q, &row);
}

static void test_empty_queues_are_told_once(void **state)
{
	struct sample_queues q CLEANUP(sample_queues_done) = {0};

	assert_int_equal(told(&q, 1, 0, 128), 1);
	assert_int_equal(told(&q, 1, 0, 128), 0);
	assert_int_equal(told(&q, 2, 0, 128), 1);
	assert_int_equal(told(&q, 1, 0, 128), 0);
	/* A listener whose queue may hold nothing is a new one, too: listen(fd, 0). */
	assert_int_equal(told(&q, 3, 0, 0), 1);
	assert_int_equal(told(&q, 3, 0, 0), 0);
}

static void test_queues_are_told_while_they_wait(void **state)
{
	struct sample_queues q CLEANUP(sample_queues_done) = {0};

	assert_int_equal(told(&q, 1, 0, 128), 1);
	assert_int_equal(told(&q, 1, 7, 128), 1);
	assert_int_equal(told(&q, 1, 7, 128), 1);
	assert_int_equal(told(&q, 1, 0, 128), 1);
	assert_int_equal(told(&q, 1, 0, 128), 0);
}

/* listen() may be called again with another limit. */
static void test_another_limit_is_told(void **state)
{
	struct sample_queues q CLEANUP(sample_queues_done) = {0};

	assert_int_equal(told(&q, 1, 0, 128), 1);
	assert_int_equal(told(&q, 1, 0, 4096), 1);
	assert_int_equal(told(&q, 1, 0, 4096), 0);
	/* The length and the limit do not run into each other. */
	assert_int_equal(told(&q, 2, 0, 5), 1);
	assert_int_equal(told(&q, 2, 5, 0), 1);
	assert_int_equal(told(&q, 2, 0, 5), 1);
}

/* When no more are remembered all are told once more. */
static void test_too_many_listeners(void **state)
{
	struct sample_queues q CLEANUP(sample_queues_done) = {0};

	for (uint64_t i = 1; i <= SAMPLE_QUEUES_MAX - 1; i++)
		assert_int_equal(told(&q, i, 0, 128), 1);
	assert_int_equal(told(&q, 1, 0, 128), 0);
	assert_int_equal(told(&q, SAMPLE_QUEUES_MAX, 0, 128), 1);
	assert_int_equal(told(&q, 1, 0, 128), 1);
	assert_int_equal(told(&q, 1, 0, 128), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_queues_are_told_once),
		cmocka_unit_test(test_queues_are_told_while_they_wait),
		cmocka_unit_test(test_another_limit_is_told),
		cmocka_unit_test(test_too_many_listeners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
