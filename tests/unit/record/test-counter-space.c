// SPDX-License-Identifier: MIT
/*
 * counter-space: names once, then differences; all values again when the list of counters changes,
 * after a minute, and at the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "base/units.h"
#include "format/layout.h"
#include "record/counter-space.h"

struct fixture {
	struct counter_names names;
	struct counter_reading reading;
	struct counter_space space;
	struct batch_records records;
};

static void fixture_done(struct fixture *f)
{
	counter_names_done(&f->names);
	counter_reading_done(&f->reading);
	counter_space_done(&f->space);
	buffer_done(&f->records.records);
}

static void read_at(struct fixture *f, uint64_t ts_ns, const char *values, bool is_last)
{
	char *copy CLEANUP(free_p) = strdup(values);

	f->reading.names = &f->names;
	buffer_clear(&f->records.records);
	f->records.n = 0;
	f->records.time_from = f->records.time_to = 0;
	counter_reading_begin(&f->reading, &f->space);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
		char *value = strchr(word, '=');

		assert_int_equal(counter_reading_take(&f->reading, word, (size_t)(value - word),
						      atoll(value + 1)),
				 0);
	}
	assert_int_equal(
		counter_reading_write(&f->reading, &f->space, ts_ns, 5000, is_last, &f->records),
		0);
}

/* A reading that is given up leaves nothing in the one that takes its place. */
static void test_counter_space_restart(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {0};

	read_at(&f, 1000, "a=1 b=2", false);
	counter_reading_begin(&f.reading, &f.space);
	assert_int_equal(counter_reading_take(&f.reading, "z", 1, 9), 0);
	counter_reading_restart(&f.reading);
	assert_int_equal(f.reading.now.n, 0);
	assert_true(f.reading.is_same_list);
}

static void record_text(const struct counters_record *r, struct text *t)
{
	struct cursor c = cursor_of(r->body, r->body_len);
	struct counter_value v;
	const char *name;
	uint32_t next = 0;

	text_printf(t, "%s %u:", (const char *[]){"names", "all", "changes"}[r->what], r->number);
	while (r->what == COUNTERS_NAMES && counter_name_decode(&c, &name) > 0)
		text_printf(t, " %s", name);
	while (r->what != COUNTERS_NAMES && counter_value_decode(&c, &next, &v) > 0)
		text_printf(t, " %u=%lld", v.counter, (long long)v.value);
	text_str(t, "; ");
}

static void check(struct fixture *f, uint64_t ts_ns, const char *expected)
{
	struct cursor c = cursor_of(f->records.records.data, f->records.records.len);
	struct text t CLEANUP(text_done) = {0};
	struct counters_record r;
	uint32_t n = 0;

	for (; counters_record_decode(&c, &r) > 0; n++) {
		record_text(&r, &t);
		assert_true(r.what == COUNTERS_NAMES || r.ts_ns == ts_ns);
	}
	assert_string_equal(text_cstr(&t), expected);
	assert_int_equal(f->records.n, n);
	assert_int_equal(f->records.time_from, n ? ts_ns : 0);
	assert_int_equal(f->records.time_to, n ? ts_ns : 0);
}

static void test_names_once_then_differences(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {.space.netns = 7};

	read_at(&f, 1000, "a=5 b=-6 c=7", false);
	check(&f, 1000, "names 0: a b c; all 0: 0=5 1=-6 2=7; ");
	read_at(&f, 2000, "a=5 b=-4 c=6", false);
	check(&f, 2000, "changes 1: 1=2 2=-1; ");
	read_at(&f, 3000, "a=5 b=-4 c=6", false);
	check(&f, 3000, "changes 2:; ");
	read_at(&f, 4000, "a=6 b=-4 c=6", true);
	check(&f, 4000, "all 3: 0=6 1=-4 2=6; ");
}

/* A link comes and goes: all values are written, and the numbers of names stay. */
static void test_lists_that_change(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {.space.netns = 7};

	read_at(&f, 1000, "a=1 z=9", false);
	read_at(&f, 2000, "a=1 b=2 z=9", false);
	check(&f, 2000, "names 2: b; all 1: 0=1 1=9 2=2; ");
	read_at(&f, 3000, "a=1 b=3 z=9", false);
	check(&f, 3000, "changes 2: 2=1; ");
	read_at(&f, 4000, "a=2 z=10", false);
	check(&f, 4000, "all 3: 0=2 1=10; ");
	read_at(&f, 5000, "a=2", false);
	check(&f, 5000, "all 4: 0=2; ");
	/* One counter in the place of another one: the list is as long, but not the same. */
	read_at(&f, 5500, "z=4", false);
	check(&f, 5500, "all 5: 1=4; ");
	read_at(&f, 5600, "a=2", false);
	/* Nothing could be read: that is no reading. */
	read_at(&f, 6000, "", false);
	check(&f, 6000, "");
	read_at(&f, 7000, "a=3", false);
	check(&f, 7000, "changes 7: 0=1; ");
}

static void test_all_after_a_minute(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {.space.netns = 7};

	read_at(&f, 1000, "a=1", false);
	read_at(&f, 1000 + COUNTER_SPACE_ALL_NS - 1, "a=2", false);
	check(&f, 1000 + COUNTER_SPACE_ALL_NS - 1, "changes 1: 0=1; ");
	read_at(&f, 1000 + COUNTER_SPACE_ALL_NS, "a=2", false);
	check(&f, 1000 + COUNTER_SPACE_ALL_NS, "all 2: 0=2; ");
}

/* Counters of 64 bits go round; a name that comes twice does not break the list. */
static void test_values_at_their_bounds(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {.space.netns = 7};

	read_at(&f, 1000, "a=9223372036854775807 b=-1", false);
	read_at(&f, 2000, "a=-9223372036854775807 b=1", false);
	check(&f, 2000, "changes 1: 0=2 1=2; ");
	read_at(&f, 3000, "a=1 a=1 b=1", false);
	check(&f, 3000, "all 2: 0=1 1=1; ");
}

/* A reading may be younger than the turn that asks. */
static void test_space_is_due(void **state)
{
	struct fixture f CLEANUP(fixture_done) = {.space.netns = 7};

	assert_true(counter_space_is_due(&f.space, 5, 1000));
	read_at(&f, 100, "a=1", false);
	assert_false(counter_space_is_due(&f.space, 50, 1000));
	assert_false(counter_space_is_due(&f.space, 1099, 1000));
	assert_true(counter_space_is_due(&f.space, 1100, 1000));
}

static void test_names_are_limited(void **state)
{
	struct counter_names names CLEANUP(counter_names_done) = {0};
	char name[16];
	uint32_t number;

	for (uint32_t i = 0; i < TAPE_COUNTERS_MAX; i++) {
		int len = snprintf(name, sizeof(name), "n%u", i);

		assert_int_equal(counter_names_number(&names, name, (size_t)len, &number), 1);
		assert_int_equal(number, i);
	}
	assert_int_equal(counter_names_number(&names, "more", 4, &number), 0);
	assert_int_equal(names.n_left_out, 1);
	assert_int_equal(counter_names_number(&names, "n65535", 6, &number), 1);
	assert_int_equal(number, 65535);
	/* A name that begins like another one is another one. */
	assert_int_equal(counter_names_number(&names, "n6553", 5, &number), 1);
	assert_int_equal(number, 6553);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counter_space_restart),
		cmocka_unit_test(test_names_once_then_differences),
		cmocka_unit_test(test_lists_that_change),
		cmocka_unit_test(test_all_after_a_minute),
		cmocka_unit_test(test_values_at_their_bounds),
		cmocka_unit_test(test_space_is_due),
		cmocka_unit_test(test_names_are_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
