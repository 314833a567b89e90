// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "track/task-names.h"

static void name(struct task_names *t, int32_t pid, int32_t tid, const char *comm)
{
	assert_int_equal(task_names_set(t, pid, tid, comm), 0);
}

static void test_task_names_after_exit(void **state)
{
	struct task_names t CLEANUP(task_names_done) = {0};

	name(&t, 10, 10, "node");
	name(&t, 10, 11, "libuv-worker");
	assert_int_equal(task_names_exit(&t, 11), 0);
	assert_int_equal(task_names_pid(&t, 11), 10);
	assert_string_equal(task_names_comm(&t, 11), "libuv-worker");
	task_names_forget(&t, 11);
	assert_int_equal(task_names_pid(&t, 11), 11);
	assert_null(task_names_comm(&t, 11));
	/* An exit of a thread that is not known leaves nothing behind. */
	assert_int_equal(task_names_exit(&t, 12), 0);
	assert_int_equal(t.n_exits, 1);
}

/* The names of the latest exits are kept, and no more. */
static void test_task_names_keeps_a_bounded_number(void **state)
{
	struct task_names t CLEANUP(task_names_done) = {0};
	const int32_t n = TASK_NAMES_EXITED;

	for (int32_t tid = 1; tid <= n + 1; tid++) {
		name(&t, tid, tid, "sh");
		assert_int_equal(task_names_exit(&t, tid), 0);
	}
	assert_null(task_names_comm(&t, 1));
	assert_string_equal(task_names_comm(&t, 2), "sh");
	/* Number 2 is used again, twice: its first exit is no reason to forget the third task. */
	name(&t, 2, 2, "cat");
	assert_int_equal(task_names_exit(&t, 2), 0);
	name(&t, 2, 2, "ls");
	assert_string_equal(task_names_comm(&t, 2), "ls");
	for (int32_t tid = 3; tid <= 5; tid++) {
		name(&t, tid, tid, "sh");
		assert_int_equal(task_names_exit(&t, tid), 0);
	}
	assert_string_equal(task_names_comm(&t, 2), "ls");
	task_names_forget_exited(&t);
	assert_string_equal(task_names_comm(&t, 2), "ls");
	assert_null(task_names_comm(&t, n));
	assert_null(task_names_comm(&t, 5));
	assert_int_equal(map_count(&t.comms), 1);
}

/* A number that is used again, and whose second task has exited, too, is kept for as long as other
 * late exits are. */
static void test_task_names_of_a_second_exit(void **state)
{
	struct task_names t CLEANUP(task_names_done) = {0};
	const int32_t n = TASK_NAMES_EXITED;

	for (int32_t tid = 1; tid <= n + 20; tid++) {
		name(&t, tid, tid, "sh");
		assert_int_equal(task_names_exit(&t, tid), 0);
		if (tid == n) {
			name(&t, 10, 10, "cat");
			assert_int_equal(task_names_exit(&t, 10), 0);
		}
	}
	assert_null(task_names_comm(&t, 9));
	assert_string_equal(task_names_comm(&t, 10), "cat");
	assert_null(task_names_comm(&t, 11));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_task_names_after_exit),
		cmocka_unit_test(test_task_names_keeps_a_bounded_number),
		cmocka_unit_test(test_task_names_of_a_second_exit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
