// SPDX-License-Identifier: MIT
/*
 * priority: what is asked of the scheduler, and that a realtime thread rests. The calls are
 * replaced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <sys/resource.h>

#include "base/units.h"
#include "record/priority.h"

static struct {
	int refusal;
	int policy, priority;
	int nice;
	rlim_t soft, hard;
} kernel;

int __wrap_sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int __wrap_sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	assert_int_equal(pid, 0);
	if (kernel.refusal) {
		errno = kernel.refusal;
		return -1;
	}
	kernel.policy = policy;
	kernel.priority = param->sched_priority;
	return 0;
}

int __wrap_setrlimit64(int resource, const struct rlimit *limit);
int __wrap_setrlimit64(int resource, const struct rlimit *limit)
{
	assert_int_equal(resource, RLIMIT_RTTIME);
	kernel.soft = limit->rlim_cur;
	kernel.hard = limit->rlim_max;
	return 0;
}

int __wrap_getpriority(int which, id_t who);
int __wrap_getpriority(int which, id_t who)
{
	return kernel.nice;
}

int __wrap_setpriority(int which, id_t who, int value);
int __wrap_setpriority(int which, id_t who, int value)
{
	assert_int_equal(which, PRIO_PROCESS);
	assert_int_equal(who, 0);
	kernel.nice = value;
	return 0;
}

static void test_nothing_is_asked_for_without_the_option(void **state)
{
	struct priority p = {0};

	memset(&kernel, 0, sizeof(kernel));
	kernel.refusal = EPERM;
	assert_int_equal(priority_check(&p, NULL), 0);
	assert_int_equal(priority_begin(&p, 0, NULL), 0);
	assert_false(p.is_realtime);
	assert_false(priority_needs_rest(&p, UINT64_MAX));
	priority_end(&p);
	assert_int_equal(kernel.soft, 0);
}

static void test_refusal_is_one_line_that_helps(void **state)
{
	struct priority p = {.realtime = 10};
	struct fault fault = FAULT_INIT;

	memset(&kernel, 0, sizeof(kernel));
	kernel.refusal = EPERM;
	assert_int_equal(priority_check(&p, &fault), -EPERM);
	assert_non_null(strstr(fault.text, "CAP_SYS_NICE"));
	assert_non_null(strstr(fault.text, "ulimit -r 10"));
}

/* The test leaves no priority behind; the recorder has it only while it records. */
static void test_realtime_is_limited(void **state)
{
	struct priority p = {.realtime = 10};

	memset(&kernel, 0, sizeof(kernel));
	assert_int_equal(priority_check(&p, NULL), 0);
	assert_int_equal(kernel.policy, SCHED_OTHER);
	assert_int_equal(priority_begin(&p, 1000, NULL), 0);
	assert_int_equal(kernel.policy, SCHED_FIFO | SCHED_RESET_ON_FORK);
	assert_int_equal(kernel.priority, 10);
	assert_int_equal(kernel.soft, 2000000);
	assert_int_equal(kernel.hard, 10000000);
	priority_end(&p);
	assert_int_equal(kernel.policy, SCHED_OTHER);
	assert_false(p.is_realtime);
}

static void test_realtime_rests(void **state)
{
	struct priority p = {.realtime = 10};

	memset(&kernel, 0, sizeof(kernel));
	assert_int_equal(priority_begin(&p, 1000, NULL), 0);
	assert_false(priority_needs_rest(&p, 1000 + PRIORITY_WORK_NS - 1));
	assert_true(priority_needs_rest(&p, 1000 + PRIORITY_WORK_NS));
	priority_rested(&p, 1000 + PRIORITY_WORK_NS);
	assert_false(priority_needs_rest(&p, 1000 + PRIORITY_WORK_NS));
	priority_end(&p);
	assert_false(priority_needs_rest(&p, UINT64_MAX));
}

/* Who has a lower nice value already keeps it. */
static void test_nice(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	priority_nice(PRIORITY_NICE_WRITER);
	assert_int_equal(kernel.nice, PRIORITY_NICE_WRITER);
	kernel.nice = -15;
	priority_nice(PRIORITY_NICE_WRITER);
	assert_int_equal(kernel.nice, -15);
	priority_nice(PRIORITY_NICE_DRAIN);
	assert_int_equal(kernel.nice, PRIORITY_NICE_DRAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_asked_for_without_the_option),
		cmocka_unit_test(test_refusal_is_one_line_that_helps),
		cmocka_unit_test(test_realtime_is_limited),
		cmocka_unit_test(test_realtime_rests),
		cmocka_unit_test(test_nice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
