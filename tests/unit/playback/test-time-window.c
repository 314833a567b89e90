// SPDX-License-Identifier: MIT
/* Tests of time-window: what --since and --until mean on the tape's clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "playback/time-window.h"

#define S NSEC_PER_SEC
/* The recording began at 2026-11-21 10:32:00 UTC, at second 1000 of the tape clock. */
#define START_NS   (1000 * NSEC_PER_SEC)
#define START_REAL (1795257120 * (int64_t)NSEC_PER_SEC)

static const struct clock_record begun = {.mono_ns = START_NS, .real_ns = START_REAL};

struct tape {
	struct tape_meta meta;
	struct clock_record first;
};

static void tape_init(struct tape *t, const struct clock_record *clock, uint64_t first_ns)
{
	*t = (struct tape){.meta.first_ns = first_ns};
	if (!clock)
		return;
	t->first = *clock;
	t->meta.clocks = &t->first;
	t->meta.n_clocks = 1;
	assert_int_equal(wall_clock_take(&t->meta.wall, &t->meta.arena, clock, 0), 0);
}

/* The wall clock is set so many seconds after the start; it is `ahead` seconds ahead then. */
static void tape_step(struct tape *t, uint64_t after, int64_t ahead)
{
	const struct clock_record record = {
		.mono_ns = START_NS + after * S,
		.real_ns = START_REAL + (int64_t)(after * S) + ahead * (int64_t)S,
	};

	assert_int_equal(wall_clock_take(&t->meta.wall, &t->meta.arena, &record, 0), 0);
}

static struct time_spec spec_of(const char *typed, uint64_t after_ns)
{
	return (struct time_spec){
		.typed = typed, .is_relative = typed && typed[0] == '+', .after_ns = after_ns};
}

static int resolve(const char *typed, uint64_t after_ns, const struct clock_record *clock,
		   uint64_t first_ns, uint64_t *ret)
{
	const struct time_window_spec spec = {.since = spec_of(typed, after_ns), .is_utc = true};
	struct time_window window = {0};
	struct fault fault = FAULT_INIT;
	struct tape t;
	int r;

	tape_init(&t, clock, first_ns);
	r = time_window_resolve(&spec, &t.meta, &t.meta.wall, &window, &fault);
	assert_int_equal(r, fault.code);
	*ret = window.since_ns;
	arena_done(&t.meta.arena);
	return r;
}

static void test_relative_times_begin_with_the_recording(void **state)
{
	uint64_t ns = 0;

	assert_int_equal(resolve("+5s", 5 * S, &begun, 0, &ns), 0);
	assert_int_equal(ns, START_NS + 5 * S);
	/* Without a CLOCK they begin with the first row. */
	assert_int_equal(resolve("+5s", 5 * S, NULL, 77, &ns), 0);
	assert_int_equal(ns, 77 + 5 * S);
}

/* A tape may say anything of its start: a time after all times is the last one, not an early
 * one. */
static void test_relative_time_that_overflows_is_the_last_time(void **state)
{
	const struct clock_record late = {.mono_ns = UINT64_MAX - 10};
	uint64_t ns = 0;

	assert_int_equal(resolve("+5s", 5 * S, &late, 0, &ns), 0);
	assert_true(ns == UINT64_MAX);
	assert_int_equal(resolve("+10ns", 10, &late, 0, &ns), 0);
	assert_true(ns == UINT64_MAX);
	assert_int_equal(resolve("+9ns", 9, &late, 0, &ns), 0);
	assert_true(ns == UINT64_MAX - 1);
}

static void test_wall_times_need_a_clock(void **state)
{
	uint64_t ns = 0;

	assert_int_equal(resolve("10:32:07", 0, &begun, 0, &ns), 0);
	assert_int_equal(ns, START_NS + 7 * S);
	assert_int_equal(resolve("10:32:07", 0, NULL, START_NS, &ns), -EINVAL);
	assert_int_equal(resolve("soon", 0, &begun, 0, &ns), -EINVAL);
}

/* The tape clock has no time before the host was up. */
static void test_wall_time_before_the_recording(void **state)
{
	uint64_t ns = 1;

	assert_int_equal(resolve("2020-01-01T00:00:00Z", 0, &begun, 0, &ns), 0);
	assert_int_equal(ns, 0);
	ns = 1;
	assert_int_equal(resolve("10:31:59", 0, &begun, 0, &ns), 0);
	assert_int_equal(ns, 0);
}

/* The window in seconds after the start; NEVER: no moment is in it; END: it has no end. */
#define NEVER (-1)
#define END   (-2)

static void expect(const struct tape *t, const char *since, const char *until, int64_t want_from,
		   int64_t want_to)
{
	const struct time_window_spec spec = {
		.since = spec_of(since, 20 * S), .until = spec_of(until, 20 * S), .is_utc = true};
	struct time_window w = {0};

	assert_int_equal(time_window_resolve(&spec, &t->meta, &t->meta.wall, &w, NULL), 0);
	if (want_from == NEVER)
		assert_true(w.since_ns == UINT64_MAX);
	else
		assert_int_equal(w.since_ns, want_from ? START_NS + (uint64_t)want_from * S : 0);
	if (want_to == END)
		assert_true(w.until_ns == UINT64_MAX);
	else
		assert_int_equal(w.until_ns, START_NS + (uint64_t)want_to * S);
}

/* After 30 s the clock was set from 10:32:30 to 10:42:30. */
static void test_window_over_a_step_forward(void **state)
{
	struct tape t;

	tape_init(&t, &begun, 0);
	tape_step(&t, 30, 600);
	expect(&t, "10:32:10", "10:32:20", 10, 20);
	expect(&t, "10:42:35", NULL, 35, END);
	expect(&t, "10:32:10", "10:42:40", 10, 40);
	/* These times were left out. */
	expect(&t, "10:35:00", NULL, 30, END);
	expect(&t, NULL, "10:35:00", 0, 30);
	expect(&t, "10:35:00", "10:36:00", NEVER, END);
	/* The two clocks together. */
	expect(&t, "+20s", "10:42:40", 20, 40);
	expect(&t, "10:32:05", "+20s", 5, 20);
	arena_done(&t.meta.arena);
}

/* After 30 s the clock was set from 10:32:30 back to 10:32:10. */
static void test_window_over_a_step_back(void **state)
{
	struct tape t;

	tape_init(&t, &begun, 0);
	tape_step(&t, 30, -20);
	/* Shown twice: the first time is meant. */
	expect(&t, "10:32:15", "10:32:20", 15, 20);
	expect(&t, "10:32:25", NULL, 25, END);
	/* From before the step until after all of it. */
	expect(&t, "10:32:15", "10:32:40", 15, 60);
	arena_done(&t.meta.arena);

	/* From 10:32:30 back to 09:32:30. */
	tape_init(&t, &begun, 0);
	tape_step(&t, 30, -3600);
	expect(&t, "09:32:35", "09:32:45", 35, 45);
	expect(&t, NULL, "09:32:45", 30, 45);
	expect(&t, "09:00:00", NULL, 0, END);
	arena_done(&t.meta.arena);
}

/* What is found while the tape is read is what is found when all of it is known. */
static void test_window_does_not_depend_on_what_comes_later(void **state)
{
	static const char *const times[] = {NULL,	"09:32:40", "10:32:10", "10:32:40",
					    "10:42:35", "11:00:00", "+20s"};
	struct tape early, whole;

	tape_init(&early, &begun, 0);
	tape_step(&early, 30, 600);
	tape_init(&whole, &begun, 0);
	tape_step(&whole, 30, 600);
	tape_step(&whole, 50, -3600);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(times); k++) {
			const struct time_window_spec spec = {.since = spec_of(times[i], 20 * S),
							      .until = spec_of(times[k], 20 * S),
							      .is_utc = true};
			struct time_window a, b;

			assert_int_equal(
				time_window_resolve(&spec, &early.meta, &early.meta.wall, &a, NULL),
				0);
			assert_int_equal(
				time_window_resolve(&spec, &whole.meta, &whole.meta.wall, &b, NULL),
				0);
			for (uint64_t ts = START_NS; ts < START_NS + 50 * S; ts += S)
				assert_int_equal(ts >= a.since_ns && ts < a.until_ns,
						 ts >= b.since_ns && ts < b.until_ns);
		}
	}
	arena_done(&early.meta.arena);
	arena_done(&whole.meta.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relative_times_begin_with_the_recording),
		cmocka_unit_test(test_relative_time_that_overflows_is_the_last_time),
		cmocka_unit_test(test_wall_times_need_a_clock),
		cmocka_unit_test(test_wall_time_before_the_recording),
		cmocka_unit_test(test_window_over_a_step_forward),
		cmocka_unit_test(test_window_over_a_step_back),
		cmocka_unit_test(test_window_does_not_depend_on_what_comes_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
