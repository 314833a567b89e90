// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "document/renderer.h"
#include "html/string-table.h"
#include "html/writer.h"

#define SECOND	1000000000ULL
#define HOSTILE "</script><img src=x onerror=alert(1)>\"'&\x1b\n\xff"

static void test_markup_shows_every_string_as_it_is(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""},
		{"a <b> & \"c\" 'd'", "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"},
		{"&amp;", "&amp;amp;"},
		{"caf\xc3\xa9 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xf0\x9f\x98\x80"},
		{"\x01\t\n\x1b\x7f",
		 "\xe2\x90\x81\xe2\x90\x89\xe2\x90\x8a\xe2\x90\x9b\xe2\x90\xa1"},
		{"\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xc0\xbc", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"a\xc2\x85z", "a\xef\xbf\xbdz"},
		{"\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text t CLEANUP(text_done) = {0};

		html_cstr(&t, cases[i].in);
		assert_string_equal(text_cstr(&t), cases[i].out);
	}
}

static void test_markup_has_no_character_that_means_something(void **state)
{
	for (int a = 0; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			struct text t CLEANUP(text_done) = {0};
			const char s[] = {(char)a, (char)b};

			html_text(&t, s, 2);
			for (size_t i = 0; i < t.len; i++) {
				assert_null(strchr("<>\"'", t.data[i] ? t.data[i] : '<'));
				assert_true((unsigned char)t.data[i] >= 0x20);
			}
		}
	}
}

static void test_script_data_cannot_leave_its_element(void **state)
{
	struct text json CLEANUP(text_done) = {0}, page CLEANUP(text_done) = {0};
	struct json_writer w = json_writer_to(&json);

	json_open(&w, '[');
	html_json_cstr(&w, "</script><!--&\xe2\x80\xa8\x1b\xff");
	html_json_i64(&w, -7);
	json_close(&w, ']');
	html_json(&page, &json);
	assert_string_equal(text_cstr(&page),
			    "[\"\\u003c/script\\u003e\\u003c!--\\u0026\xef\xbf\xbd"
			    "\xe2\x90\x9b\xef\xbf\xbd\",-7]");
}

static void test_words_are_held_once(void **state)
{
	struct string_table words CLEANUP(string_table_done) = {0};
	char copy[] = "rto";
	uint64_t n;

	assert_int_equal(string_table_number(&words, "rto", &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(string_table_number(&words, "", &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(string_table_number(&words, copy, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(words.n, 2);
}

static bool wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	*ret_real_ns = 1800000000000000000 + (int64_t)ts_ns;
	return true;
}

/* Every string of it is `s`. */
static void render(const char *s, const struct render_options *o, struct text *page)
{
	const uint64_t values[] = {0, 0, 5, 0};
	const struct document_series series = {s, s, false, true, values};
	const struct document_chart chart = {SECOND, SECOND, 4, &series, 1};
	const struct document_item item = {s, s, cell_str(s), NULL, 0};
	const struct document_finding finding = {
		.id = s,
		.level = DOCUMENT_WARNING,
		.title = s,
		.since_ns = SECOND,
		.until_ns = 3 * SECOND,
		.evidence = &item,
		.n_evidence = 1,
		.meaning = s,
		.rule = s,
		.sure = s,
		.doubt = s,
		.command = s,
	};
	const struct column columns[] = {
		{.key = s, .head = s, .where = COLUMN_ALL},
		{.key = s, .head = "N", .where = COLUMN_ALL, .is_right = true},
		{.key = s, .head = NULL, .where = COLUMN_JSON},
	};
	const struct cell cells[] = {cell_str(s), cell_absent(), cell_u64(123456)};
	const struct document_span span = {SECOND, 2 * SECOND, s};
	const struct document_history_event events[] = {
		{.ts_ns = SECOND + 1500,
		 .what = s,
		 .detail = s,
		 .n = 7,
		 .is_trouble = true,
		 .has_progress = true,
		 .progress_ns = 50000},
		{.ts_ns = 2 * SECOND, .until_ns = 3 * SECOND, .what = s},
	};
	const struct document_gap gap = {SECOND, 2 * SECOND, s};
	const struct document_point points[] = {
		{SECOND + 2000, SECOND + 2000, 7, 7, 7, 1},
		{2 * SECOND, 3 * SECOND, 3, 9, 8, 5},
	};
	const struct document_strip strip = {"key", s, s, points, 2};
	const struct document_history story = {.spans = &span,
					       .n_spans = 1,
					       .events = events,
					       .n_events = 2,
					       .gaps = &gap,
					       .n_gaps = 1,
					       .strips = &strip,
					       .n_strips = 1,
					       .unknown = s};
	const struct document_table table = {s, s, columns, 3, cells, 1, true, 1, 9, &story, false};
	const struct document d = {
		.title = s,
		.verdict = s,
		.level = DOCUMENT_CRITICAL,
		.facts = &item,
		.n_facts = 1,
		.findings = &finding,
		.n_findings = 1,
		.chart = &chart,
		.tables = &table,
		.n_tables = 1,
		.notes = &s,
		.n_notes = 1,
	};
	struct fault fault = FAULT_INIT;

	assert_int_equal(document_html.render(&d, o, 80, page, &fault), 0);
}

static size_t count(const char *page, const char *what)
{
	size_t n = 0;

	for (; (page = strstr(page, what)); page += strlen(what))
		n++;
	return n;
}

static void test_a_hostile_document_adds_no_markup(void **state)
{
	static const char *const marks[] = {"<", ">", "</script>", "<img"};
	const struct render_options o = {.time = RENDER_TIME_UTC, .clock = {.wall = wall}};
	struct text good CLEANUP(text_done) = {0}, bad CLEANUP(text_done) = {0};

	render("x", &o, &good);
	render(HOSTILE, &o, &bad);
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		assert_int_equal(count(text_cstr(&bad), marks[i]),
				 count(text_cstr(&good), marks[i]));
	assert_int_equal(count(text_cstr(&bad), "<img"), 0);
	assert_int_equal(count(text_cstr(&bad), "\x1b"), 0);
}

static void test_the_page_has_what_the_document_has(void **state)
{
	static const char *const wanted[] = {
		"<html lang=\"en\">",
		"default-src 'none'",
		"<link rel=\"icon\" href=\"data:,\">",
		"<title>words</title>",
		"<span class=\"badge critical\">",
		"<article class=\"finding warning\"",
		"<time datetime=\"2027-01-15T08:00:01.000Z\">08:00:01.000</time>",
		"<th scope=\"row\">words</th><td class=\"n\" data-no>\xe2\x80\x93</td></tr>",
		"<p class=\"left-out\">9 more are not on this page.</p>",
		"\"values\":[-2,5,-1]",
		"viewBox=\"0 0 4 100\"><path d=\"M2.5 100v-100\"/>",
		/* row, instant, merged, left out, flags, unknown, spans, events, gaps, strips */
		("[0,1800000001000000,0,0,0,1,[0,1000000,0],"
		 "[1,1,1,7,0,51,999999,0,0,0,1000000,0],[0,1000000,0],"
		 "[[0,0,8,2,0,7,0,999998,1000000,3,6]]]"),
		"Permission is hereby granted",
	};
	const struct render_options o = {.time = RENDER_TIME_UTC, .clock = {.wall = wall}};
	struct text page CLEANUP(text_done) = {0}, again CLEANUP(text_done) = {0};

	render("words", &o, &page);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!strstr(text_cstr(&page), wanted[i]))
			fail_msg("not on the page: %s", wanted[i]);
	}
	/* A column for machines is not shown. */
	assert_null(strstr(text_cstr(&page), "123456"));
	render("words", &o, &again);
	assert_string_equal(text_cstr(&page), text_cstr(&again));
}

static void test_without_a_wall_clock_times_are_relative(void **state)
{
	const struct render_options o = {.time = RENDER_TIME_LOCAL};
	struct text page CLEANUP(text_done) = {0};

	render("words", &o, &page);
	assert_non_null(strstr(text_cstr(&page), "\"mode\":\"relative\""));
	assert_non_null(strstr(text_cstr(&page), "<time>1.000000</time>"));
	assert_non_null(strstr(text_cstr(&page), "[0,1000000,0,"));
}

static bool wall_that_is_set(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	/* An hour ahead from the third second on. */
	*ret_real_ns = 1800000000000000000 + (int64_t)ts_ns +
		       (ts_ns >= 3 * SECOND ? 3600 * (int64_t)SECOND : 0);
	return true;
}

static void test_a_clock_that_was_set_moves_words_and_not_places(void **state)
{
	const struct render_options o = {.time = RENDER_TIME_UTC,
					 .clock = {.wall = wall_that_is_set}};
	struct text page CLEANUP(text_done) = {0};

	render("words", &o, &page);
	assert_non_null(strstr(text_cstr(&page), "\"at\":1800000001000000,"));
	assert_non_null(strstr(text_cstr(&page), "\"shifts\":[2,3600000000]"));
	assert_non_null(strstr(text_cstr(&page),
			       "data-from=\"1800000001000000\" data-to=\"1800000003000000\""));
	assert_non_null(strstr(text_cstr(&page), ">09:00:03.000</time>"));
}

static void test_an_empty_document_is_a_page(void **state)
{
	const struct render_options o = {.time = RENDER_TIME_UTC};
	const struct document d = {.title = "t", .verdict = "v"};
	struct text page CLEANUP(text_done) = {0};
	struct fault fault = FAULT_INIT;

	assert_int_equal(document_html.render(&d, &o, 80, &page, &fault), 0);
	assert_non_null(strstr(text_cstr(&page), "Nothing was found."));
	assert_null(strstr(text_cstr(&page), "<section id=\"timeline\""));
	assert_non_null(strstr(text_cstr(&page), "</html>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup_shows_every_string_as_it_is),
		cmocka_unit_test(test_markup_has_no_character_that_means_something),
		cmocka_unit_test(test_script_data_cannot_leave_its_element),
		cmocka_unit_test(test_words_are_held_once),
		cmocka_unit_test(test_a_hostile_document_adds_no_markup),
		cmocka_unit_test(test_the_page_has_what_the_document_has),
		cmocka_unit_test(test_without_a_wall_clock_times_are_relative),
		cmocka_unit_test(test_a_clock_that_was_set_moves_words_and_not_places),
		cmocka_unit_test(test_an_empty_document_is_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
