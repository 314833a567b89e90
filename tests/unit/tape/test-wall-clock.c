// SPDX-License-Identifier: MIT
/* Tests of wall-clock: CLOCK records become stretches of one difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tape/wall-clock.h"

struct world {
	struct arena arena;
	struct wall_clock wall;
	uint64_t rows_end;
};

static void take(struct world *w, uint64_t mono, int64_t real, uint64_t window)
{
	const struct clock_record r = {.mono_ns = mono, .real_ns = real, .window_ns = window};

	assert_int_equal(wall_clock_take(&w->wall, &w->arena, &r, w->rows_end), 0);
}

static int64_t at(const struct world *w, uint64_t ts)
{
	int64_t real = 0;

	assert_true(wall_clock_at(&w->wall, ts, &real));
	return real;
}

/* Nothing is interpolated: the clocks run at one rate until one is set. */
static void test_offset_of_the_last_record_holds(void **state)
{
	struct world w = {0};
	int64_t real;

	assert_false(wall_clock_at(&w.wall, 1, &real));
	take(&w, 1000, 501000, 0);
	assert_int_equal(at(&w, 0), 500000);
	assert_int_equal(at(&w, 1999), 501999);
	take(&w, 2000, 402000, 0);
	assert_int_equal(at(&w, 1999), 501999);
	assert_int_equal(at(&w, 2000), 402000);
	assert_int_equal(at(&w, 9000), 409000);
	assert_int_equal(w.wall.n, 2);
	assert_int_equal(wall_clock_step(&w.wall, 1), -100000);
	assert_int_equal(wall_clock_end(&w.wall, 0), 2000);
	assert_true(wall_clock_end(&w.wall, 1) == UINT64_MAX);
	arena_done(&w.arena);
}

/* Two readings of clocks that nobody set differ by as much as the readings took. */
static void test_windows_are_no_steps(void **state)
{
	struct world w = {0};

	take(&w, 1000, 1000, 30);
	take(&w, 2000, 2050, 20);
	take(&w, 3000, 2950, 20);
	assert_int_equal(w.wall.n, 1);
	assert_int_equal(at(&w, 3000), 3000);
	take(&w, 4000, 4051, 20);
	assert_int_equal(w.wall.n, 2);
	take(&w, 5000, 5000, 30);
	assert_int_equal(w.wall.n, 3);
	/* A reading that took forever says nothing. */
	take(&w, 6000, 0, UINT64_MAX);
	assert_int_equal(w.wall.n, 3);
	arena_done(&w.arena);
}

/* Rows that stand before a record have the time that was known then. */
static void test_records_behind_rows(void **state)
{
	struct world w = {0};

	take(&w, 1000, 501000, 0);
	w.rows_end = wall_clock_rows_end(2500);
	take(&w, 2000, 602000, 0);
	assert_int_equal(at(&w, 2500), 502500);
	assert_int_equal(at(&w, 2501), 602501);
	assert_int_equal(wall_clock_rows_end(0), 0);
	assert_true(wall_clock_rows_end(UINT64_MAX) == UINT64_MAX);
	arena_done(&w.arena);
}

static void test_wild_records(void **state)
{
	struct world w = {0};

	take(&w, 0, INT64_MAX, 0);
	take(&w, 1, INT64_MIN, 0);
	take(&w, 1, 0, 0);
	take(&w, UINT64_MAX, INT64_MAX, 0);
	for (uint64_t bit = 0; bit < 64; bit++)
		(void)at(&w, 1ull << bit);
	/* Of two records of one moment the later one holds. */
	assert_int_equal(at(&w, 1), 0);
	arena_done(&w.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offset_of_the_last_record_holds),
		cmocka_unit_test(test_windows_are_no_steps),
		cmocka_unit_test(test_records_behind_rows),
		cmocka_unit_test(test_wild_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
