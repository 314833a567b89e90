// SPDX-License-Identifier: MIT
/*
 * perf-advice and capabilities: what helps depends on the level of perf_event_paranoid and on the
 * capabilities, and never on the uid.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "kernel/perf-advice.h"

#define ADMIN	(1ull << CAPABILITY_SYS_ADMIN)
#define PERFMON (1ull << CAPABILITY_PERFMON)
#define ALL	(~0ull)

static struct capabilities with(uint64_t effective, uint64_t bounding)
{
	return (struct capabilities){effective, bounding, true};
}

static void expect(int paranoid, struct capabilities c, const char *why, const char *fix)
{
	struct perf_advice a = perf_advice(paranoid, &c);

	if (!strstr(a.why, why) || !strstr(a.fix, fix))
		fail_msg("level %d: \"%s\", \"%s\"", paranoid, a.why, a.fix);
	assert_true(a.brief[0]);
	/* The record command prints both in one line. */
	assert_true(strlen(a.why) + strlen(a.brief) < 190);
	/* Nothing is cut. */
	assert_true(strlen(a.why) < sizeof(a.why) - 1 && strlen(a.brief) < sizeof(a.brief) - 1);
	assert_true(strlen(a.fix) < sizeof(a.fix) - 1);
}

/* A user without capabilities. At level 3 and more CAP_PERFMON alone does not help on Debian's
 * kernels, so that the level must go down, too. */
static void test_advice_for_a_user(void **state)
{
	for (int level = 0; level <= 2; level++) {
		expect(level, with(0, ALL), "CAP_PERFMON is missing", "sudo tcptape");
		expect(level, with(0, ALL), "CAP_PERFMON is missing", "setcap cap_perfmon,");
		expect(level, with(0, ALL), "", "perf_event_paranoid=-1");
	}
	for (int level = 3; level <= 4; level++) {
		struct capabilities c = with(0, ALL);

		expect(level, c, "CAP_SYS_ADMIN", "perf_event_paranoid=2 && sudo setcap cap_perf");
		expect(level, c, "CAP_SYS_ADMIN", "cap_sys_admin in place of cap_perfmon");
		expect(level, c, "", "sudo tcptape");
		assert_null(strstr(perf_advice(level, &c).fix, "paranoid=-1"));
		assert_null(strstr(perf_advice(level, &c).brief, "or CAP_PERFMON"));
	}
}

/* The setcap line was followed. */
static void test_advice_with_perfmon(void **state)
{
	struct capabilities c = with(PERFMON, ALL);

	expect(3, c, "CAP_SYS_ADMIN, not CAP_PERFMON", "sysctl kernel.perf_event_paranoid=2");
	assert_null(strstr(perf_advice(3, &c).fix, "setcap"));
	expect(2, c, "refused although", "seccomp");
}

static void test_advice_in_containers(void **state)
{
	const struct capabilities rootless = {ALL, ALL, false};

	expect(3, with(ADMIN, ALL), "refused although", "seccomp");
	expect(2, with(ADMIN | PERFMON, ALL), "refused although", "seccomp");
	/* Root of a container that may not have it: sudo does not help. */
	expect(2, with(0, 0), "nothing that runs here can have it", "--cap-add PERFMON");
	expect(3, with(0, PERFMON), "nothing that runs here can have it", "--cap-add SYS_ADMIN");
	expect(2, with(0, ADMIN), "CAP_PERFMON is missing", "sudo tcptape");
	expect(2, rootless, "user namespace", "record on the host");
	expect(3, rootless, "user namespace", "record on the host");
}

static void test_capabilities_of_a_status(void **state)
{
	struct capabilities c = {.is_of_host = true};

	capabilities_parse("Name:\tx\nCapInh:\t0000000000000001\nCapPrm:\t0000000000000002\n"
			   "CapEff:\t0000004000200000\nCapBnd:\t000001ffffffffff\n",
			   &c);
	assert_true(c.effective == (ADMIN | PERFMON));
	assert_true(c.bounding == 0x1ffffffffffull);
	assert_true(capabilities_have(&c, CAPABILITY_PERFMON));
	c.is_of_host = false;
	assert_false(capabilities_have(&c, CAPABILITY_PERFMON));
	capabilities_parse("Name:\tx\n", &c);
	assert_true(c.effective == 0 && c.bounding == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_advice_for_a_user),
		cmocka_unit_test(test_advice_with_perfmon),
		cmocka_unit_test(test_advice_in_containers),
		cmocka_unit_test(test_capabilities_of_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
