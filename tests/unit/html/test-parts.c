// SPDX-License-Identifier: MIT
/* parts: what the chart, the histories, the tables and the items of a page say in numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "base/units.h"
#include "document/renderer.h"

/* 2027-01-15T08:00:00Z and the tape's time. */
static bool wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	*ret_real_ns = 1800000000000000000 + (int64_t)ts_ns;
	return true;
}

static void render(const struct document *d, struct text *page)
{
	const struct render_options o = {.time = RENDER_TIME_UTC, .clock = {.wall = wall}};
	struct fault fault = FAULT_INIT;

	assert_int_equal(document_html.render(d, &o, 80, page, &fault), 0);
}

static void expect(struct text *page, const char *wanted)
{
	if (!strstr(text_cstr(page), wanted))
		fail_msg("not on the page: %s", wanted);
}

static void expect_none(struct text *page, const char *unwanted)
{
	if (strstr(text_cstr(page), unwanted))
		fail_msg("on the page: %s", unwanted);
}

static void test_chart_in_numbers(void **state)
{
	const uint64_t values[] = {1, 200, 0, 200, 7};
	const uint64_t nothing[] = {0, 0, 0, 0, 0};
	const struct document_series series[] = {
		{.key = "a", .label = "A", .is_trouble = true, .values = values},
		{.key = "b", .label = "B", .is_gauge = true, .values = values},
		{.key = "c", .label = "C", .values = nothing},
	};
	const struct document_chart chart = {NSEC_PER_SEC, NSEC_PER_SEC, 5, series, 3};
	const struct document d = {.title = "t", .verdict = "v", .chart = &chart};
	struct text page CLEANUP(text_done) = {0};

	render(&d, &page);
	/* The total, the most, and when that was for the first time. */
	expect(&page, "A</th><td class=\"n\">408</td><td class=\"n\">200</td><td>08:00:02</td>");
	/* Levels do not add up. */
	expect(&page, "B</th><td class=\"n\">\xe2\x80\x93</td><td class=\"n\">200</td>"
		      "<td>08:00:02</td>");
	/* What never happened was at no time. */
	expect(&page, "C</th><td class=\"n\">0</td><td class=\"n\">0</td><td>\xe2\x80\x93</td>");
	/* A small value is seen, and 0 has no bar. */
	expect(&page, "M0.5 100v-4M1.5 100v-100M3.5 100v-100M4.5 100v-4\"");
	expect(&page, "\"gauge\":false,\"trouble\":true,\"values\":[1,200,-1,200,7]");
	expect(&page, "\"gauge\":true,\"trouble\":false,\"values\":[1,200,-1,200,7]");
	expect(&page, "\"values\":[-5]");
	expect(&page, "<td><svg class=\"course trouble\"");
	expect(&page, "drawn by uPlot");
}

/* Neighbours share a bar, as high as the greatest of them; buckets of less than a second have
 * times with a fraction. */
static void test_chart_of_many_buckets(void **state)
{
	uint64_t values[300] = {[0] = 50, [1] = 100, [298] = 30, [299] = 20};
	const struct document_series series = {.key = "a", .label = "A", .values = values};
	const struct document_chart chart = {NSEC_PER_SEC, NSEC_PER_SEC / 2, 300, &series, 1};
	const struct document d = {.title = "t", .verdict = "v", .chart = &chart};
	struct text page CLEANUP(text_done) = {0};

	render(&d, &page);
	expect(&page, "viewBox=\"0 0 150 100\"><path d=\"M0.5 100v-100M149.5 100v-30\"");
	expect(&page, "<td>08:00:01.500</td>");
}

/* A quarter of a bucket is no shift of the clock, more is one. */
static bool wall_that_slews(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	const int64_t *slew_us = userdata;

	*ret_real_ns = 1800000000000000000 + (int64_t)ts_ns +
		       (ts_ns >= 2 * NSEC_PER_SEC ? *slew_us * 1000 : 0);
	return true;
}

static void test_shifts_of_the_clock(void **state)
{
	const uint64_t values[] = {1, 1, 1};
	const struct document_series series = {.key = "a", .label = "A", .values = values};
	const struct document_chart chart = {NSEC_PER_SEC, NSEC_PER_SEC, 3, &series, 1};
	const struct document d = {.title = "t", .verdict = "v", .chart = &chart};
	static const struct {
		int64_t slew_us;
		const char *wanted;
	} cases[] = {
		{250000, "\"shifts\":[]"},
		{250001, "\"shifts\":[1,250001]"},
		{-250001, "\"shifts\":[1,-250001]"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t slew_us = cases[i].slew_us;
		const struct render_options o = {
			.time = RENDER_TIME_UTC,
			.clock = {.wall = wall_that_slews, .userdata = &slew_us}};
		struct text page CLEANUP(text_done) = {0};
		struct fault fault = FAULT_INIT;

		assert_int_equal(document_html.render(&d, &o, 80, &page, &fault), 0);
		expect(&page, cases[i].wanted);
	}
}

static void render_history(const struct document_history *h, struct text *page)
{
	const struct column column = {.key = "k", .head = "K", .where = COLUMN_ALL};
	const struct document_history none = {0};
	const struct document_history histories[] = {none, *h};
	const struct cell cells[] = {cell_u64(1), cell_u64(2)};
	const struct document_table table = {.id = "i",
					     .title = "T",
					     .columns = &column,
					     .n_columns = 1,
					     .cells = cells,
					     .n_rows = 2,
					     .n_brief = 6,
					     .histories = histories};
	const struct document d = {.title = "t", .verdict = "v", .tables = &table, .n_tables = 1};

	render(&d, page);
}

/* A row without a history has none; times count from the first thing that is known. */
static void test_histories(void **state)
{
	const struct document_span spans[] = {
		{4 * NSEC_PER_SEC, 5 * NSEC_PER_SEC, "A"},
		{7 * NSEC_PER_SEC, 9 * NSEC_PER_SEC, "B"},
	};
	const struct document_history_event early = {.ts_ns = 3 * NSEC_PER_SEC, .what = "rto"};
	struct document_history h = {.spans = spans, .n_spans = 2, .n_merged = 5, .n_left_out = 8};
	struct text a CLEANUP(text_done) = {0}, b CLEANUP(text_done) = {0};
	struct text c CLEANUP(text_done) = {0};

	h.is_before = true;
	render_history(&h, &a);
	expect(&a, "\"brief\":6,\"histories\":[[1,1800000004000000,5,8,1,0,"
		   "[0,1000000,0,2000000,2000000,1],[],[],[]]]");
	h.is_before = false;
	h.is_open = true;
	h.events = &early;
	h.n_events = 1;
	render_history(&h, &b);
	expect(&b, "[[1,1800000003000000,5,8,2,0,[1000000,1000000,0,2000000,2000000,1],"
		   "[0,4,0,0,0,0],[],[]]]");
	h.n_spans = 0;
	render_history(&h, &c);
	expect(&c, "[[1,1800000003000000,5,8,2,0,[],[0,0,0,0,0,0],[],[]]]");
}

/* What is unknown is said of a row of which nothing else is known. */
static void test_history_of_the_unknown(void **state)
{
	const struct document_history h = {.unknown = "why"};
	struct text page CLEANUP(text_done) = {0};

	render_history(&h, &page);
	expect(&page, ",0,0,0,1,[],[],[],[]]]");
}

static void test_tables(void **state)
{
	const char *forty = "0123456789012345678901234567890123456789",
		   *more = "01234567890123456789012345678901234567890";
	const struct column columns[] = {
		{.key = "first", .head = "", .where = COLUMN_ALL},
		{.key = "when", .head = "WHEN", .where = COLUMN_ALL},
		{.key = "n", .head = "N", .where = COLUMN_ALL, .is_right = true},
	};
	const struct cell cells[] = {
		cell_str(forty), cell_time(NSEC_PER_SEC), cell_u64(1),
		cell_str(more),	 cell_absent(),		  cell_str(more),
	};
	const struct document_table tables[] = {
		{.title = "Some", .columns = columns, .n_columns = 3, .cells = cells, .n_rows = 2},
		{.title = "Empty", .columns = columns, .n_columns = 3},
	};
	const struct document d = {.title = "t", .verdict = "v", .tables = tables, .n_tables = 2};
	struct text page CLEANUP(text_done) = {0};

	render(&d, &page);
	expect(&page, "Some <span class=\"count\">2</span>");
	/* A column that has no head in text has its name for programs. */
	expect(&page, "<th scope=\"col\">first</th><th scope=\"col\">WHEN</th>"
		      "<th scope=\"col\" class=\"n\">N</th>");
	expect(&page, "<tr><th scope=\"row\">0123456789012345678901234567890123456789</th>"
		      "<td data-t=\"1000000000\">08:00:01</td><td class=\"n\">1</td></tr>");
	expect(&page, "<tr><th scope=\"row\" class=\"long\">");
	expect(&page, "<td data-no>\xe2\x80\x93</td><td class=\"n\">0123456789");
	expect(&page, "Empty <span class=\"count\">0</span></h2>\n<p class=\"none\">None.</p>");
	expect_none(&page, "more are not on this page");
	expect(&page, "<a href=\"#table-1\">Empty</a>");
	/* There is no chart and there are no notes that a link could lead to. */
	expect_none(&page, "href=\"#timeline\"");
	expect_none(&page, "href=\"#notes\"");
	expect_none(&page, "uPlot (MIT");
}

static void test_items(void **state)
{
	const struct document_item facts[] = {
		{.key = "machine", .cell = cell_u64(12345)},
		{.key = "a", .label = "A", .cell = cell_u64(7)},
		{.key = "b", .label = "B", .cell = cell_u64(54321), .words = "in words"},
	};
	const struct document d = {.title = "t",
				   .verdict = "v",
				   .level = DOCUMENT_NOTICE,
				   .facts = facts,
				   .n_facts = 3};
	const struct document bare = {.title = "t", .verdict = "v", .facts = facts, .n_facts = 1};
	struct text page CLEANUP(text_done) = {0}, none CLEANUP(text_done) = {0};

	render(&d, &page);
	expect(&page, "<dl class=\"facts\">\n<div><dt>A</dt><dd>7</dd></div>\n"
		      "<div><dt>B</dt><dd>in words</dd></div>\n</dl>");
	expect_none(&page, "12345");
	expect_none(&page, "54321");
	expect(&page, "<header class=\"notice\">");
	expect(&page, "</svg>Notice</span>");
	render(&bare, &none);
	expect_none(&none, "<dl");
}

/* Ten seconds and more need no fraction; a moment has one end. */
static void test_times_of_findings(void **state)
{
	const struct document_finding findings[] = {
		{.id = "a", .title = "a", .since_ns = NSEC_PER_SEC, .until_ns = 11 * NSEC_PER_SEC},
		{.id = "b",
		 .title = "b",
		 .since_ns = NSEC_PER_SEC,
		 .until_ns = 11 * NSEC_PER_SEC - 1,
		 .is_mostly = true},
		{.id = "c",
		 .title = "c",
		 .since_ns = 5 * NSEC_PER_SEC,
		 .until_ns = 5 * NSEC_PER_SEC},
		{.id = "d", .title = "d"},
	};
	const struct document d = {
		.title = "t", .verdict = "v", .findings = findings, .n_findings = 4};
	struct text page CLEANUP(text_done) = {0};

	render(&d, &page);
	expect(&page, "Findings <span class=\"count\">4</span>");
	expect(&page,
	       "<p class=\"when\"><time datetime=\"2027-01-15T08:00:01.000Z\">08:00:01</time>"
	       " \xe2\x80\x93 <time datetime=\"2027-01-15T08:00:11.000Z\">08:00:11</time>"
	       " (10.000 s)</p>");
	expect(&page, "<p class=\"when\">mostly <time datetime=\"2027-01-15T08:00:01.000Z\">"
		      "08:00:01.000</time>");
	expect(&page, "<p class=\"when\"><time datetime=\"2027-01-15T08:00:05.000Z\">08:00:05.000"
		      "</time></p>");
	expect(&page, ">d</h3></div>\n</article>");
	expect_none(&page, "<dl class=\"basis\">");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chart_in_numbers),
		cmocka_unit_test(test_chart_of_many_buckets),
		cmocka_unit_test(test_shifts_of_the_clock),
		cmocka_unit_test(test_histories),
		cmocka_unit_test(test_history_of_the_unknown),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_times_of_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
