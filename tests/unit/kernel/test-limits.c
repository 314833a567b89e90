// SPDX-License-Identifier: MIT
/*
 * limits: how far the limit of open files is raised, by a kernel that grants some of it.
 * getrlimit(2) and setrlimit(2) are replaced; the descriptors that are open are the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/resource.h>

#include "kernel/limits.h"

static struct {
	struct rlimit limit;
	bool may_raise_hard;
} kernel;

int __wrap_getrlimit64(int resource, struct rlimit *ret);
int __wrap_getrlimit64(int resource, struct rlimit *ret)
{
	*ret = kernel.limit;
	return 0;
}

int __wrap_setrlimit64(int resource, const struct rlimit *limit);
int __wrap_setrlimit64(int resource, const struct rlimit *limit)
{
	if (limit->rlim_max > kernel.limit.rlim_max && !kernel.may_raise_hard) {
		errno = EPERM;
		return -1;
	}
	kernel.limit = *limit;
	return 0;
}

static void limit_is(rlim_t soft, rlim_t hard, bool may_raise_hard)
{
	kernel.limit = (struct rlimit){soft, hard};
	kernel.may_raise_hard = may_raise_hard;
}

static void test_limit_that_is_high_enough(void **state)
{
	uint64_t limit;

	limit_is(1024, 4096, false);
	assert_true(limits_raise_files(100, &limit));
	assert_int_equal(limit, 1024);
	assert_int_equal(kernel.limit.rlim_cur, 1024);
}

/* Not by root, but by what the kernel grants. */
static void test_limit_is_raised(void **state)
{
	uint64_t limit;

	limit_is(1024, 4096, false);
	assert_true(limits_raise_files(2000, &limit));
	assert_in_range(limit, 2000 + LIMITS_FILES_SPARE, 2100 + LIMITS_FILES_SPARE);
	assert_int_equal(kernel.limit.rlim_cur, limit);
	assert_int_equal(kernel.limit.rlim_max, 4096);
	limit_is(1024, 4096, true);
	assert_true(limits_raise_files(10000, &limit));
	assert_int_equal(kernel.limit.rlim_max, limit);
}

/* What there is is taken, and it is said that it is not enough. */
static void test_limit_stays_too_low(void **state)
{
	uint64_t limit;

	limit_is(1024, 4096, false);
	assert_false(limits_raise_files(10000, &limit));
	assert_int_equal(limit, 4096);
	limit_is(30, 30, false);
	assert_false(limits_raise_files(1, &limit));
	assert_int_equal(limit, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit_that_is_high_enough),
		cmocka_unit_test(test_limit_is_raised),
		cmocka_unit_test(test_limit_stays_too_low),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
