// SPDX-License-Identifier: MIT
/*
 * batch: rows are grouped by tracepoint and length, runs by CPU; memory is freed.
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

#include "record/batch.h"

static void add(struct batch *b, uint32_t tracepoint, uint16_t len, uint32_t cpu, uint64_t time)
{
	uint8_t data[256];
	struct batch_row row = {
		.tracepoint = tracepoint, .len = len, .cpu = cpu, .time = time, .data = data};

	memset(data, (int)time, sizeof(data));
	assert_int_equal(batch_add(b, &row), 0);
}

static void test_batch_slots_and_runs(void **state)
{
	struct batch *b CLEANUP(batch_free_p) = NULL;
	const struct chunk_run *runs;

	assert_int_equal(batch_new(3, &b), 0);
	add(b, 1, 20, 0, 10);
	add(b, 1, 20, 0, 11);
	add(b, 1, 20, 3, 5);
	add(b, 1, 28, 0, 12);
	add(b, 2, 20, 0, 13);
	add(b, 1, 20, 0, 14);
	assert_int_equal(b->n_slots, 3);
	assert_int_equal(b->n_rows, 6);
	assert_int_equal(b->newest_ns, 14);
	assert_int_equal(b->slots[0].n_rows, 4);
	assert_int_equal(b->slots[0].n_runs, 3);
	runs = b->slots[0].runs.data;
	assert_int_equal(runs[0].n_rows, 2);
	assert_int_equal(runs[1].cpu, 3);
	assert_int_equal(runs[1].first_ts, 5);
	assert_int_equal(runs[2].n_rows, 1);
	assert_int_equal(((uint8_t *)b->slots[0].rows.data)[20], 11);
	assert_int_equal(((uint64_t *)b->slots[0].times.data)[3], 14);
	batch_reset(b);
	assert_int_equal(b->n_rows, 0);
	assert_int_equal(b->slots[0].n_rows, 0);
	add(b, 1, 28, 2, 99);
	assert_int_equal(b->n_slots, 3);
	assert_int_equal(b->slots[1].n_rows, 1);
}

static void test_batch_fills(void **state)
{
	struct batch *b CLEANUP(batch_free_p) = NULL;

	assert_int_equal(batch_new(1, &b), 0);
	while (!batch_is_full(b))
		add(b, 0, 76, 1, 7);
	assert_int_equal(b->n_rows, BATCH_ROWS_MAX);
	batch_reset(b);
	assert_false(batch_is_full(b));
	assert_non_null(b->slots[0].rows.data);
	while (!batch_is_full(b))
		add(b, 0, 252, 1, 7);
	assert_true(b->n_rows < BATCH_ROWS_MAX);
	assert_in_range(b->bytes, BATCH_BYTES_MAX, BATCH_BYTES_MAX + 300);
	batch_reset(b);
	assert_non_null(b->slots[0].rows.data);
	assert_non_null(b->slots[1].rows.data);
	while (!batch_is_full(b))
		add(b, 0, 248, 1, 7);
	/* In sum more than BATCH_KEPT_MAX was touched, so the memory is freed. */
	batch_reset(b);
	assert_null(b->slots[0].rows.data);
	assert_null(b->slots[1].rows.data);
	add(b, 0, 76, 1, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_batch_slots_and_runs),
		cmocka_unit_test(test_batch_fills),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
