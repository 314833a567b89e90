// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "document/story.h"

#define MS 1000000ULL

static const struct document_span spans[] = {{0, 100 * MS, "SYN_SENT"},
					     {100 * MS, 1000 * MS, "ESTABLISHED"}};
static const struct document_history_event events[] = {
	{.ts_ns = 50 * MS, .what = "syn", .is_trouble = true},
	{.ts_ns = 100 * MS, .what = "state", .is_span = true},
	{.ts_ns = 900 * MS,
	 .what = "rto",
	 .detail = "after 1.000 s",
	 .n = 3,
	 .is_trouble = true,
	 .has_progress = true,
	 .progress_ns = 2 * MS},
};
static const struct document_gap gaps[] = {{500 * MS, 600 * MS, "events were lost"}};
static const struct document_point points[] = {
	{.ts_ns = 0, .until_ns = 0, .least = 10, .most = 10, .last = 10, .n = 1},
	{.ts_ns = 300 * MS, .until_ns = 499 * MS, .least = 1, .most = 20, .last = 2, .n = 5},
	{.ts_ns = 1000 * MS, .until_ns = 1000 * MS, .n = 1},
};
static const struct document_strip strip = {
	.key = "cwnd", .label = "window", .unit = "segments", .points = points, .n = 3};
static const struct document_history history = {
	.spans = spans,
	.n_spans = ARRAY_SIZE(spans),
	.events = events,
	.n_events = ARRAY_SIZE(events),
	.gaps = gaps,
	.n_gaps = ARRAY_SIZE(gaps),
	.strips = &strip,
	.n_strips = 1,
};

static void test_story_lines_are_in_the_order_of_time(void **state)
{
	static const struct {
		const char *what, *detail;
		bool is_trouble;
	} want[] = {
		{"SYN_SENT", "for 100.000 ms", false},
		{"syn", "", true},
		{"ESTABLISHED", "for 900.000 ms", false},
		{"less is known", "for 100.000 ms: events were lost", false},
		{"rto", "after 1.000 s; progress seen 2.000 ms later", true},
	};
	struct story_lines lines = {.history = &history};
	struct text t CLEANUP(text_done) = {0};
	struct story_line line;
	size_t n = 0;

	while (story_lines_next(&lines, &line)) {
		assert_true(n < ARRAY_SIZE(want));
		text_clear(&t);
		story_line_detail(&history, &line, &t);
		assert_string_equal(line.what, want[n].what);
		assert_string_equal(text_cstr(&t), want[n].detail);
		assert_int_equal(line.is_trouble, want[n].is_trouble);
		n++;
	}
	assert_int_equal(n, ARRAY_SIZE(want));
	assert_int_equal(story_lines_count(&history), n);
}

static void test_story_of_an_open_connection(void **state)
{
	const struct document_history open = {
		.spans = spans, .n_spans = ARRAY_SIZE(spans), .is_open = true};
	const struct story_line first = {.span = &spans[0]}, last = {.span = &spans[1]};
	struct text t CLEANUP(text_done) = {0};

	story_line_detail(&open, &first, &t);
	assert_string_equal(text_cstr(&t), "for 100.000 ms");
	text_clear(&t);
	story_line_detail(&open, &last, &t);
	assert_string_equal(text_cstr(&t), "for 900.000 ms, and still");
}

static void test_story_leaves_out_the_middle(void **state)
{
	assert_int_equal(story_left_out(STORY_FIRST + STORY_LAST, false), 0);
	assert_int_equal(story_left_out(STORY_FIRST + STORY_LAST + 1, false), 1);
	assert_int_equal(story_left_out(100000, true), 0);
}

static void expect_limits(const struct document_history *h, const char *want)
{
	struct text t CLEANUP(text_done) = {0};

	story_limits(h, &t);
	assert_string_equal(text_cstr(&t), want);
}

static void test_story_says_what_it_does_not_show(void **state)
{
	struct document_history h = {0};

	expect_limits(&h, "");
	h.unknown = "Not recorded: RSTs";
	expect_limits(&h, "Not recorded: RSTs.");
	h.n_left_out = 1234;
	h.unknown = "It is not known.";
	expect_limits(&h, "There was no room for 1,234 more events. It is not known.");
	h = (struct document_history){.n_merged = 70};
	expect_limits(&h,
		      "70 of the events are shown together: as how many there were in a stretch "
		      "of time (--all shows each).");
}

/* A column without a value is a blank, and a value of 0 is none. */
static void test_story_strip(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	uint64_t least, most, last;

	story_strip(&history, &strip, 10, &t);
	assert_string_equal(text_cstr(&t), "▅  ██    ▁");
	text_clear(&t);
	story_trouble_strip(&history, 10, &t);
	assert_string_equal(text_cstr(&t), "▃        █");
	assert_int_equal(story_troubles(&history), 4);
	story_extremes(&strip, &least, &most, &last);
	assert_int_equal(least, 0);
	assert_int_equal(most, 20);
	assert_int_equal(last, 0);
}

static void test_story_values_have_units(void **state)
{
	static const struct {
		const char *unit, *want;
	} cases[] = {{"segments", "1,500"}, {"us", "1.500 ms"}, {"bytes", "1.5 KiB"}};
	struct text t CLEANUP(text_done) = {0};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct document_strip s = {.unit = cases[i].unit};

		text_clear(&t);
		story_value(&t, &s, 1500);
		assert_string_equal(text_cstr(&t), cases[i].want);
	}
}

/* A life without any length has one column. */
static void test_story_of_one_moment(void **state)
{
	const struct document_point one = {.ts_ns = 7, .until_ns = 7, .most = 3, .last = 3, .n = 1};
	const struct document_strip s = {.unit = "segments", .points = &one, .n = 1};
	const struct document_history h = {.strips = &s, .n_strips = 1};
	struct text t CLEANUP(text_done) = {0};
	uint64_t from, to;

	story_span(&h, &from, &to);
	assert_int_equal(from, 7);
	assert_int_equal(to, 7);
	story_strip(&h, &s, 3, &t);
	assert_string_equal(text_cstr(&t), "█  ");
	story_span(&(struct document_history){0}, &from, &to);
	assert_int_equal(from, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_story_lines_are_in_the_order_of_time),
		cmocka_unit_test(test_story_of_an_open_connection),
		cmocka_unit_test(test_story_leaves_out_the_middle),
		cmocka_unit_test(test_story_says_what_it_does_not_show),
		cmocka_unit_test(test_story_strip),
		cmocka_unit_test(test_story_values_have_units),
		cmocka_unit_test(test_story_of_one_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
