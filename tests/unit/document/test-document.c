// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "document/renderer.h"
#include "support/json-check.h"

/* A document with the same string wherever one of a tape may stand. */
struct made {
	struct document document;
	struct document_item facts[2];
	struct document_item evidence[2];
	struct document_finding findings[2];
	struct document_series series[2];
	struct document_chart chart;
	struct column columns[3];
	struct cell cells[6];
	struct document_table tables[2];
	const char *notes[1];
};

static const uint64_t values[] = {0, 1, 5, 2};

static void make(struct made *m, const char *s)
{
	*m = (struct made){
		.facts = {{"host", "host", cell_str(s), NULL, 0},
			  {"started", "from", cell_time(1500000000), NULL, 0}},
		.evidence = {{"peer", "peer", cell_str(s), NULL, 0},
			     {"n", "times", cell_u64(7), "7", 0}},
		.series = {{"rto", "timeouts (rto)", false, true, values},
			   {"established", "established", true, false, values}},
		.columns = {{.key = "name", .head = "NAME", .where = COLUMN_ALL, .width = 20},
			    {.key = "n", .head = "N", .where = COLUMN_ALL, .is_right = true},
			    {.key = "only", .where = COLUMN_JSON}},
		.cells = {cell_str(s), cell_u64(1), cell_str(s), cell_absent(), cell_absent(),
			  cell_absent()},
		.notes = {s},
	};
	m->findings[0] = (struct document_finding){
		.id = "loss",
		.level = DOCUMENT_CRITICAL,
		.title = s,
		.since_ns = 2000000000,
		.until_ns = 3000000000,
		.evidence = m->evidence,
		.n_evidence = 2,
		.meaning = "It means something.",
		.rule = "3 or more (RFC 1)",
		.sure = "likely",
		.doubt = s,
		.command = s,
	};
	m->findings[1] = (struct document_finding){
		.id = "quiet", .title = s, .meaning = "Nothing.", .sure = "certain"};
	m->chart = (struct document_chart){1000000000, 1000000000, 4, m->series, 2};
	m->tables[0] = (struct document_table){.id = "peers",
					       .title = "Peers",
					       .columns = m->columns,
					       .n_columns = 3,
					       .cells = m->cells,
					       .n_rows = 2,
					       .is_ranked = true,
					       .n_brief = 2,
					       .n_left_out = 1234};
	m->tables[1] = (struct document_table){.id = "none", .title = "None"};
	m->document = (struct document){
		.title = s,
		.verdict = s,
		.level = DOCUMENT_CRITICAL,
		.facts = m->facts,
		.n_facts = 2,
		.findings = m->findings,
		.n_findings = 2,
		.chart = &m->chart,
		.tables = m->tables,
		.n_tables = 2,
		.notes = m->notes,
		.n_notes = 1,
	};
}

static const char *const hostile[] = {
	"",
	" ",
	"# heading",
	"|cell|",
	"a|b\\|c",
	"`code` ``more`` ```",
	"[a](http://a.example)![b](c)",
	"https://evil.example/x",
	"see www.evil.example",
	"<script>alert(1)</script>",
	"&lt;b&gt;",
	"*a* _b_ ~~c~~",
	"line\nline\r\n\n# heading\n| a | b |\n|---|---|",
	"\033[31mred\033[0m\x07\x7f\x9b",
	"\xff\xfe\xe2\x80\xae\xc2\x85\xe2\x80\xa8",
	"- item",
	"1. item",
	"```\n",
	"\\",
	"\\`",
	"%s%n%d",
	"$(reboot)",
	"@everyone #1",
};
#define N_HOSTILE (sizeof(hostile) / sizeof(*hostile))

static void render(const struct document_renderer *r, const struct document *d, struct text *t)
{
	const struct render_options o = {.time = RENDER_TIME_REL, .with_rules = true};

	text_clear(t);
	assert_int_equal(r->render(d, &o, 80, t, NULL), 0);
}

static size_t lines(struct text *t)
{
	size_t n = 0;

	for (const char *c = text_cstr(t); *c; c++)
		n += *c == '\n';
	return n;
}

/* Columns of a terminal: UTF-8 of ours, one each. */
static size_t columns_of(const char *s, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += (s[i] & 0xc0) != 0x80;
	return columns;
}

static bool is_safe(const char *s)
{
	for (; *s; s++) {
		if (((unsigned char)*s < 0x20 && *s != '\n') || *s == 0x7f)
			return false;
	}
	return true;
}

/* Nothing of a tape makes a line, and nothing is wider than the page. */
static void test_text_hostile(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct made m;
	size_t plain;

	make(&m, "plain");
	render(&document_text, &m.document, &t);
	plain = lines(&t);
	for (size_t i = 0; i < N_HOSTILE; i++) {
		make(&m, hostile[i]);
		render(&document_text, &m.document, &t);
		assert_true(is_safe(text_cstr(&t)));
		/* Blank paragraphs are none; long ones are two. */
		assert_in_range(lines(&t), plain - 3, plain + 8);
		for (const char *line = text_cstr(&t), *end; (end = strchr(line, '\n'));
		     line = end + 1) {
			assert_true(columns_of(line, (size_t)(end - line)) <= 80);
			assert_false(end > line && end[-1] == ' ' && line[0] != ' ' &&
				     !strchr(line, '$'));
		}
	}
}

static void test_text_plain(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct made m;

	make(&m, "plain");
	m.findings[0].title = "A title";
	m.findings[0].command = "tcptape retrans 'a b.tape'";
	m.document.verdict = "The verdict";
	m.document.title = "The title";
	render(&document_text, &m.document, &t);
	assert_string_equal(
		text_cstr(&t),
		"The title\n"
		"The verdict\n"
		"\n"
		"host             plain\n"
		"from             1.500000\n"
		"\n"
		"FINDINGS\n"
		"\n"
		"1. CRITICAL A title\n"
		"   peer: plain; times: 7\n"
		"   2.000000 to 3.000000; likely, plain\n"
		"   It means something.\n"
		"   rule: 3 or more (RFC 1)\n"
		"   $ tcptape retrans 'a b.tape'\n"
		"\n"
		"2. GOOD plain\n"
		"   certain\n"
		"   Nothing.\n"
		"\n"
		"TIMELINE\n"
		"1.000000 and on; a column is 1 s\n"
		"timeouts (rto)        ▂█▃                                              "
		"       8\n"
		"established           ▂█▃                                              "
		"   max 5\n"
		"\n"
		"PEERS, WORST FIRST (1,234 MORE)\n"
		"NAME                 N\n"
		"plain                1\n"
		"-                    -\n"
		"\n"
		"plain\n");
}

/* Paragraphs are no wider than the page; a command stays whole, to be copied. */
static void test_text_long(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	char words[400] = "", command[420];
	struct made m;

	while (strlen(words) < 380)
		strcat(words, "words of it ");
	snprintf(command, sizeof(command), "tcptape %s", words);
	make(&m, words);
	m.cells[0] = m.cells[2] = cell_str("short");
	m.findings[0].command = command;
	render(&document_text, &m.document, &t);
	for (const char *line = text_cstr(&t), *end; (end = strchr(line, '\n')); line = end + 1)
		assert_true(columns_of(line, (size_t)(end - line)) <= 80 ||
			    !strncmp(line, "   $ ", 5));
	assert_non_null(strstr(text_cstr(&t), command));
}

/* Backslashes in front of what they stand for are taken away, code is left out. What is left has no
 * character that could mean something. */
static bool has_markup(const char *line, size_t n)
{
	static const char *const ours[] = {"# ", "## ", "### ", "- ", "**", "*", "|", "```"};
	size_t from = 0, to = n;

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		if (!strncmp(line, ours[i], strlen(ours[i]))) {
			from = strlen(ours[i]);
			break;
		}
	}
	while (to > from && line[to - 1] == '*')
		to--;
	for (size_t i = from; i < to; i++) {
		if (line[i] == '\\' && i + 1 < n && strchr("\\`*_{}[]<>()#!|~&@.:", line[i + 1])) {
			i++;
			continue;
		}
		if (line[i] == '\\' || strchr("`<>[]&", line[i]))
			return true;
		if (line[i] == ':' && !strncmp(&line[i], "://", 3))
			return true;
		if (!strncmp(&line[i], "www.", 4))
			return true;
	}
	return false;
}

static size_t cells_of(const char *line, size_t n)
{
	size_t bars = 0;

	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\\')
			i++;
		else
			bars += line[i] == '|';
	}
	return bars;
}

/* No cell, no line, no link, no HTML. */
static void test_markdown_hostile(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct made m;
	size_t plain;

	make(&m, "plain");
	render(&document_markdown, &m.document, &t);
	plain = lines(&t);
	for (size_t i = 0; i < N_HOSTILE; i++) {
		bool is_code = false;

		make(&m, hostile[i]);
		render(&document_markdown, &m.document, &t);
		assert_true(is_safe(text_cstr(&t)));
		assert_int_equal(lines(&t), plain);
		for (const char *line = text_cstr(&t), *end; (end = strchr(line, '\n'));
		     line = end + 1) {
			size_t n = (size_t)(end - line);

			if (n == 3 && !strncmp(line, "```", 3)) {
				is_code = !is_code;
				continue;
			}
			if (is_code || !strncmp(line, "More: ", 6))
				continue;
			if (line[0] == '|')
				assert_int_equal(cells_of(line, n), 3);
			if (has_markup(line, n))
				print_message("%.*s\n", (int)n, line);
			assert_false(has_markup(line, n));
		}
		assert_false(is_code);
	}
}

/* A command stands between more backticks than it has, and is what was given. */
static void test_markdown_command(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct made m;

	make(&m, "plain");
	m.findings[0].command = "tcptape info 'a``b`.tape'";
	render(&document_markdown, &m.document, &t);
	assert_non_null(strstr(text_cstr(&t), "\nMore: ``` tcptape info 'a``b`.tape' ```\n"));
	m.findings[0].command = "tcptape info a.tape";
	render(&document_markdown, &m.document, &t);
	assert_non_null(strstr(text_cstr(&t), "\nMore: `tcptape info a.tape`\n"));
}

static void test_json_hostile(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct made m;

	for (size_t i = 0; i < N_HOSTILE; i++) {
		const char *wrong;

		make(&m, hostile[i]);
		render(&document_json, &m.document, &t);
		wrong = json_check(t.data, t.len);
		if (wrong)
			print_message("%s: %s\n", wrong, text_cstr(&t));
		assert_null(wrong);
		assert_int_equal(lines(&t), 1);
	}
}

/* Absent, never null; times that are not known are not there, but those of the tape's clock. */
static void test_json_plain(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	struct made m;

	make(&m, "plain");
	m.document.n_findings = 1;
	m.document.n_facts = 1;
	render(&document_json, &m.document, &t);
	assert_string_equal(
		text_cstr(&t),
		"{\"verdict\":\"plain\",\"level\":\"critical\",\"host\":\"plain\",\"metrics\":{},"
		"\"findings\":[{\"id\":\"loss\",\"level\":\"critical\",\"title\":\"plain\","
		"\"since_ns\":2000000000,\"until_ns\":3000000000,\"evidence\":{\"peer\":\"plain\","
		"\"n\":7},\"meaning\":\"It means something.\",\"rule\":\"3 or more (RFC 1)\","
		"\"sure\":\"likely\",\"doubt\":\"plain\",\"command\":\"plain\"}],\"timeline\":{"
		"\"start_ns\":1000000000,\"bucket_ns\":1000000000,\"series\":{\"rto\":[0,1,5,2],"
		"\"established\":[0,1,5,2]}},\"peers\":[{\"name\":\"plain\",\"n\":1,\"only\":"
		"\"plain\"},{}],\"none\":[],\"notes\":[\"plain\"]}\n");
}

static void test_empty_document(void **state)
{
	static const struct document_renderer *const all[] = {&document_text, &document_markdown,
							      &document_json};
	const struct document d = {.title = "Title", .verdict = "Nothing"};

	for (size_t i = 0; i < 3; i++) {
		struct text t CLEANUP(text_done) = {0};

		render(all[i], &d, &t);
		assert_true(t.len > 0);
		assert_int_equal(t.data[t.len - 1], '\n');
	}
}

/* The checker itself: what it must not let through. */
static void test_json_check(void **state)
{
	static const char *const good[] = {"{}",
					   "[]",
					   "\"\"",
					   "0",
					   "-1.5",
					   "true\n",
					   "{\"a\":[1,{\"a\":\"\\u00ff\"}]}",
					   "\"\xc3\xa4\""};
	static const char *const bad[] = {"",
					  "{",
					  "[1,]",
					  "{\"a\":1,}",
					  "{\"a\":1,\"a\":2}",
					  "01",
					  "\"\n\"",
					  "\"\xff\"",
					  "\"\xed\xa0\x80\"",
					  "1 2",
					  "nul",
					  "{\"a\" 1}",
					  "\"\\x\"",
					  "[1}",
					  "\"\\u12\"",
					  "1.",
					  "-"};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_null(json_check(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_non_null(json_check(bad[i], strlen(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_hostile),	 cmocka_unit_test(test_text_plain),
		cmocka_unit_test(test_text_long),	 cmocka_unit_test(test_markdown_hostile),
		cmocka_unit_test(test_markdown_command), cmocka_unit_test(test_json_hostile),
		cmocka_unit_test(test_json_plain),	 cmocka_unit_test(test_empty_document),
		cmocka_unit_test(test_json_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
