// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "cli/status.h"

static void test_results(void **state)
{
	struct fault fault = FAULT_INIT;

	assert_int_equal(status_of_result(0, &fault), STATUS_DONE);
	assert_int_equal(status_of_result(fault_set(&fault, -ENOSPC, "disk full"), &fault),
			 STATUS_FAILED);
	assert_string_equal(fault.text, "disk full");
}

/* `tcptape replay TAPE | head` is no failure, and nothing is said about it. */
static void test_a_reader_that_went_away(void **state)
{
	struct fault fault = FAULT_INIT;

	assert_int_equal(status_of_result(fault_set(&fault, -EPIPE, "broken pipe"), &fault),
			 STATUS_DONE);
	assert_string_equal(fault.text, "");
}

/* The numbers are a contract. */
static void test_each_status_has_its_text(void **state)
{
	assert_int_equal(n_status_texts, 5);
	for (size_t i = 0; i < n_status_texts; i++) {
		assert_int_equal(status_texts[i].status, (int)i);
		assert_true(strlen(status_texts[i].text) > 0);
	}
	assert_int_equal(STATUS_DAMAGED, 3);
	assert_int_equal(STATUS_CONDITION, 4);
}

static void test_the_first_interrupt_is_the_recorders(void **state)
{
	struct sigaction action;

	stream_ignore_first_interrupt();
	raise(SIGINT);
	assert_int_equal(sigaction(SIGINT, NULL, &action), 0);
	assert_true(action.sa_handler == SIG_DFL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_a_reader_that_went_away),
		cmocka_unit_test(test_each_status_has_its_text),
		cmocka_unit_test(test_the_first_interrupt_is_the_recorders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
