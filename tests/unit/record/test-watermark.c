// SPDX-License-Identifier: MIT
/*
 * watermark: never later than a drain that began at least the slack before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "record/watermark.h"

#define MS NSEC_PER_MSEC

static void test_watermark_steady(void **state)
{
	struct watermark h = {0};

	watermark_drained(&h, 1000 * MS);
	assert_int_equal(h.complete_until, 0);
	watermark_drained(&h, 1100 * MS);
	assert_int_equal(h.complete_until, 1000 * MS);
	watermark_drained(&h, 1140 * MS);
	assert_int_equal(h.complete_until, 1000 * MS);
	watermark_drained(&h, 1150 * MS);
	assert_int_equal(h.complete_until, 1100 * MS);
}

static void test_watermark_busy(void **state)
{
	struct watermark h = {0};
	uint64_t last = 0;

	/* With a drain every 100 us complete_until advances, and stays older by the slack. */
	for (uint64_t t = 1000 * MS; t < 2000 * MS; t += MS / 10) {
		watermark_drained(&h, t);
		assert_true(h.complete_until >= last);
		assert_true(h.complete_until + WATERMARK_SLACK_NS <= t);
		last = h.complete_until;
		if (t > 1100 * MS)
			assert_true(h.complete_until + WATERMARK_SLACK_NS + 10 * MS >= t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_watermark_steady),
		cmocka_unit_test(test_watermark_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
