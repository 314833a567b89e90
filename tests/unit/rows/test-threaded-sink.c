// SPDX-License-Identifier: MIT
/* Tests of threaded-sink: what arrives at the sink inside is what was written, all of it and in
 * order, although the caller's memory has been used again meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "rows/threaded-sink.h"

/* A sink that writes down what it is told. */
struct log {
	struct text text;
	struct tape_clock clock;
	const struct column *columns;
	size_t n_columns;
	size_t n_rows, fail_at; /* 0: never */
};

static int log_begin(struct table_sink *sink, const struct column *columns, size_t n,
		     struct fault *fault)
{
	struct log *l = sink->self;

	l->columns = columns;
	l->n_columns = n;
	text_printf(&l->text, "begin %zu", n);
	for (size_t i = 0; i < n; i++)
		text_printf(&l->text, " %s", columns[i].key);
	text_char(&l->text, '\n');
	return 0;
}

static void log_cell(struct log *l, const struct cell *c)
{
	int64_t real = 0;

	switch (c->kind) {
	case CELL_STR: text_mem(&l->text, c->str, c->n); break;
	case CELL_TIME:
		text_printf(&l->text, "t%llu", (unsigned long long)c->u64);
		if (tape_clock_wall(&l->clock, c->u64, &real))
			text_printf(&l->text, "=%lld", (long long)real);
		text_printf(&l->text, "+%llu", (unsigned long long)tape_clock_start(&l->clock, 9));
		break;
	case CELL_ENDPOINT: text_printf(&l->text, "%u:%u", c->addr[3], c->port); break;
	case CELL_LIST:
		for (uint32_t i = 0; i < c->n; i++)
			text_printf(&l->text, "[%s]", c->list[i] ? c->list[i] : "?");
		break;
	case CELL_FIELDS:
		for (uint32_t i = 0; i < c->n; i++) {
			text_printf(&l->text, "%s=", c->fields[i].key);
			log_cell(l, &c->fields[i].cell);
		}
		break;
	default: text_u64(&l->text, c->u64);
	}
	text_char(&l->text, ' ');
}

static int log_row(struct table_sink *sink, const struct cell *cells, struct fault *fault)
{
	struct log *l = sink->self;

	if (++l->n_rows == l->fail_at)
		return fault_set(fault, -ENOSPC, "no room");
	for (size_t i = 0; i < l->n_columns; i++)
		log_cell(l, &cells[i]);
	text_char(&l->text, '\n');
	return 0;
}

static int log_note(struct table_sink *sink, const char *line, struct fault *fault)
{
	struct log *l = sink->self;

	text_printf(&l->text, "note %s\n", line);
	return 0;
}

static int log_page(struct table_sink *sink, uint64_t ts_ns, const char *title, bool is_screen,
		    struct fault *fault)
{
	struct log *l = sink->self;
	int64_t real = 0;

	tape_clock_wall(&l->clock, ts_ns, &real);
	text_printf(&l->text, "page %llu=%lld %s %d\n", (unsigned long long)ts_ns, (long long)real,
		    title, is_screen);
	return 0;
}

static int log_flush(struct table_sink *sink, struct fault *fault)
{
	return 0;
}

static const struct table_ops log_ops = {
	.begin = log_begin,
	.row = log_row,
	.note = log_note,
	.page = log_page,
	.flush = log_flush,
};

static bool odd_wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	*ret_real_ns = (int64_t)ts_ns + 1000;
	return ts_ns % 2;
}

static uint64_t fixed_start(void *userdata)
{
	return 7;
}

static const struct tape_clock test_clock = {.wall = odd_wall, .start = fixed_start};

static const struct column columns[] = {
	{.key = "number", .where = COLUMN_ALL}, {.key = "hidden", .where = COLUMN_TEXT},
	{.key = "word", .where = COLUMN_ALL},	{.key = "time", .where = COLUMN_ALL},
	{.key = "end", .where = COLUMN_ALL},	{.key = "list", .where = COLUMN_ALL},
	{.key = "fields", .where = COLUMN_ALL},
};

/* All kinds of cells, in memory that is overwritten afterwards. */
static int write_row(struct table_sink *out, uint64_t i, size_t word_len, struct fault *fault)
{
	char *word CLEANUP(free_p) = malloc(word_len + 1);
	char entry[] = "entry";
	uint8_t addr[4] = {10, 0, 0, (uint8_t)i};
	const char *list[] = {entry, NULL, "last"};
	struct cell_field field = {.key = "inner", .cell = {.kind = CELL_STR, .n = 5}};
	struct cell cells[ARRAY_SIZE(columns)] = {
		{.kind = CELL_U64, .u64 = i},
		{.kind = CELL_STR, .n = 1000}, /* not shown: it points nowhere */
		{.kind = CELL_STR, .n = (uint32_t)word_len},
		{.kind = CELL_TIME, .u64 = i},
		{.kind = CELL_ENDPOINT, .family = 4, .port = 80},
		{.kind = CELL_LIST, .n = 3},
		{.kind = CELL_FIELDS, .n = 1},
	};
	int r;

	assert_non_null(word);
	memset(word, 'a' + (int)(i % 26), word_len);
	field.cell.str = entry;
	cells[2].str = word;
	cells[4].addr = addr;
	cells[5].list = list;
	cells[6].fields = &field;
	r = table_row(out, cells, fault);
	memset(word, '#', word_len);
	memset(entry, '#', sizeof(entry) - 1);
	memset(addr, 255, sizeof(addr));
	memset(&field, 0, sizeof(field));
	memset(list, 0, sizeof(list));
	return r;
}

/* Longer than a block of packed calls. */
#define LONG_WORD (700u << 10)

static void write_all(struct table_sink *out)
{
	struct column copy[ARRAY_SIZE(columns)];

	memcpy(copy, columns, sizeof(copy));
	for (int table = 0; table < 2; table++) {
		assert_int_equal(table_begin(out, copy, ARRAY_SIZE(copy), NULL), 0);
		assert_int_equal(table_page(out, 5, "title", true, NULL), 0);
		for (uint64_t i = 0; i < 20000; i++)
			assert_int_equal(write_row(out, i, i == 100 ? LONG_WORD : i % 40, NULL), 0);
		assert_int_equal(table_note(out, "a note", NULL), 0);
		assert_int_equal(table_flush(out, NULL), 0);
	}
}

static void test_threaded_sink_gives_the_same(void **state)
{
	struct log plain = {.clock = test_clock}, threaded = {0};
	/* Columns that are not shown are left out for the sink inside only. */
	struct table_sink out, inner = {.ops = &log_ops, .self = &threaded, .shows = COLUMN_JSON};
	struct threaded_sink *s = NULL, *reference = NULL;

	assert_int_equal(threaded_sink_new(&test_clock, &s, NULL), 0);
	threaded.clock = threaded_sink_clock(s);
	assert_int_equal(threaded_sink_start(s, &inner, &out, NULL), 0);
	write_all(&out);
	assert_int_equal(threaded_sink_finish(s, NULL), 0);
	assert_int_equal(threaded.n_rows, 40000);

	/* The same once more, into another log: the thread's timing changes nothing. */
	inner.self = &plain;
	assert_int_equal(threaded_sink_new(&test_clock, &reference, NULL), 0);
	assert_int_equal(threaded_sink_start(reference, &inner, &out, NULL), 0);
	write_all(&out);
	assert_int_equal(threaded_sink_finish(reference, NULL), 0);
	assert_int_equal(threaded.text.len, plain.text.len);
	assert_memory_equal(threaded.text.data, plain.text.data, plain.text.len);
	assert_non_null(strstr(text_cstr(&threaded.text),
			       "begin 6 number word time end list fields\npage 5=1005 title 1\n"
			       "0  t0+7 0:80 [entry][?][last] inner=entry  \n"
			       "1 b t1=1001+7 1:80 [entry][?][last] inner=entry  \n"));
	text_done(&plain.text);
	text_done(&threaded.text);
}

static void test_threaded_sink_returns_errors_later(void **state)
{
	struct log log = {.fail_at = 3};
	struct table_sink out, inner = {.ops = &log_ops, .self = &log, .shows = COLUMN_ALL};
	struct threaded_sink *s = NULL;
	struct fault fault = FAULT_INIT;
	char text[] = "x";
	const struct column one = {.key = "k", .where = COLUMN_ALL};
	const struct cell cell = {.kind = CELL_STR, .str = text, .n = 1};

	assert_int_equal(threaded_sink_new(&test_clock, &s, NULL), 0);
	assert_int_equal(threaded_sink_start(s, &inner, &out, NULL), 0);
	assert_int_equal(table_begin(&out, &one, 1, NULL), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(table_row(&out, &cell, NULL), 0);
	assert_int_equal(threaded_sink_finish(s, &fault), -ENOSPC);
	assert_string_equal(fault.text, "no room");
	/* No row was made after the one that failed. */
	assert_int_equal(log.n_rows, 3);
	text_done(&log.text);
}

static void test_threaded_sink_that_was_not_started(void **state)
{
	struct threaded_sink *s = NULL;

	assert_int_equal(threaded_sink_new(&test_clock, &s, NULL), 0);
	assert_int_equal(threaded_sink_finish(s, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threaded_sink_gives_the_same),
		cmocka_unit_test(test_threaded_sink_returns_errors_later),
		cmocka_unit_test(test_threaded_sink_that_was_not_started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
