// SPDX-License-Identifier: MIT
/*
 * host: lists of CPUs, the description of this host, and a preflight on whatever machine this runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/cpus.h"
#include "kernel/host.h"
#include "kernel/preflight.h"

static void test_cpus_parse(void **state)
{
	static const char *const bad[] = {"",	 "\n", "x",	  "3-1", "1,1",
					  "2,1", "-1", "0-70000", "1;2"};
	struct cpus c;

	assert_int_equal(cpus_parse("0-3,8,10-11\n", &c), 0);
	assert_int_equal(c.n, 7);
	assert_int_equal(c.ids[3], 3);
	assert_int_equal(c.ids[4], 8);
	assert_int_equal(c.ids[6], 11);
	cpus_done(&c);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(cpus_parse(bad[i], &c), -EINVAL);
}

static void test_host_read(void **state)
{
	struct host host;
	struct utsname u;

	host_read(&host);
	assert_int_equal(uname(&u), 0);
	assert_string_equal(host.kernel, u.release);
	assert_string_equal(host.version, u.version);
	assert_string_equal(host.arch, u.machine);
	assert_true(host.page_size >= 4096);
	assert_true(host.kernel_long_size == 4 || host.kernel_long_size == 8);
}

static void test_preflight_always_answers(void **state)
{
	struct preflight_item items[PREFLIGHT_MAX];
	size_t n = preflight_run(items);

	assert_in_range(n, 1, PREFLIGHT_MAX);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(items[i].name);
		assert_true(items[i].what[0]);
		/* An item has a fix only where something is wrong. */
		if (items[i].verdict == PREFLIGHT_OK)
			assert_false(items[i].fix[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpus_parse),
		cmocka_unit_test(test_host_read),
		cmocka_unit_test(test_preflight_always_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
