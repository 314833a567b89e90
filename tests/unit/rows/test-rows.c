// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <stdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "rows/row-renderer.h"
#include "table/limit.h"

enum { TIME, NAME, N, FIXED, HEX, END, ADDR, MORE, LIST, COLS };

static const struct column columns[COLS] = {
	[TIME] = {.key = "time", .head = "TIME", .where = COLUMN_ALL, .width = 8},
	[NAME] = {.key = "name", .head = "NAME", .where = COLUMN_ALL, .width = 6},
	[N] = {.key = "n", .head = "N", .where = COLUMN_ALL, .width = 4, .is_right = true},
	[FIXED] = {.key = "ms", .head = "MS", .where = COLUMN_ALL, .width = 2, .decimals = 3},
	[HEX] = {.key = "id", .where = COLUMN_DATA},
	[END] = {.key = "end", .head = "END", .where = COLUMN_TEXT, .width = 12},
	[ADDR] = {.key = "addr", .where = COLUMN_DATA},
	[MORE] = {.key = "more", .head = "MORE", .where = COLUMN_ALL},
	[LIST] = {.key = "stack", .where = COLUMN_ALL},
};

static bool wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	*ret_real_ns = 1800000000000000000 + (int64_t)ts_ns;
	return true;
}

static uint64_t start(void *userdata)
{
	return 1000000000;
}

static const struct row_renderer *const all[] = {&row_text, &row_json, &row_csv};

struct fixture {
	int fds[2];
	int note_fds[2];
	struct render_options options;
	struct table_sink sink;
	char out[4096], notes[512];
};

static void begin(struct fixture *f, const struct row_renderer *r, enum render_time time,
		  bool has_clock)
{
	struct fault fault = FAULT_INIT;

	assert_int_equal(pipe(f->fds), 0);
	assert_int_equal(pipe(f->note_fds), 0);
	f->options = (struct render_options){
		.fd = f->fds[1],
		.note_fd = f->note_fds[1],
		.time = time,
		.clock = {.wall = has_clock ? wall : NULL, .start = start},
	};
	assert_int_equal(row_renderer_open(r, &f->options, &f->sink, &fault), 0);
}

static void end(struct fixture *f, const struct row_renderer *r)
{
	struct fault fault = FAULT_INIT;
	ssize_t n;

	assert_int_equal(row_renderer_finish(r, &f->sink, &fault), 0);
	close(f->fds[1]);
	close(f->note_fds[1]);
	n = read(f->fds[0], f->out, sizeof(f->out) - 1);
	f->out[n] = 0;
	n = read(f->note_fds[0], f->notes, sizeof(f->notes) - 1);
	f->notes[n] = 0;
	close(f->fds[0]);
	close(f->note_fds[0]);
}

static void feed(struct fixture *f)
{
	static const uint8_t v4[] = {10, 0, 0, 1};
	static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	const char *stack[] = {"tcp_ack+0x1", NULL};
	struct cell_field fields[] = {
		{"state", "st", cell_str("LISTEN")},
		{NULL, "people", cell_u64(1)},
		{"programs", NULL, cell_i64(-2)},
		{"gone", "gone", cell_absent()},
	};
	struct cell cells[COLS] = {
		[TIME] = cell_time(1500000000),
		[NAME] = cell_str("a"),
		[N] = cell_u64(7),
		[FIXED] = cell_fixed(1234),
		[HEX] = cell_hex(0xbeef),
		[END] = {.kind = CELL_ENDPOINT, .family = 4, .port = 80, .addr = v4},
		[ADDR] = {.kind = CELL_ADDR, .family = 4, .addr = v4},
		[MORE] = {.kind = CELL_FIELDS, .n = 4, .fields = fields},
	};
	struct fault fault = FAULT_INIT;

	assert_int_equal(table_begin(&f->sink, columns, COLS, &fault), 0);
	assert_int_equal(table_row(&f->sink, cells, &fault), 0);
	cells[TIME] = cell_time(2500000000);
	cells[NAME] = cell_str("q\"uo,te\033\xff");
	cells[N] = cell_absent();
	cells[END] = (struct cell){.kind = CELL_ENDPOINT, .family = 6, .port = 443, .addr = v6};
	cells[ADDR] = (struct cell){.kind = CELL_ADDR, .family = 6, .addr = v6};
	cells[MORE] = cell_str("");
	cells[LIST] = cell_list(stack, 2);
	assert_int_equal(table_row(&f->sink, cells, &fault), 0);
	cells[NAME] = cell_str("b");
	cells[END] = (struct cell){.kind = CELL_ENDPOINT};
	cells[LIST] = cell_absent();
	assert_int_equal(table_row(&f->sink, cells, &fault), 0);
	assert_int_equal(table_note(&f->sink, "lost 3", &fault), 0);
}

static void test_text_columns_grow_and_stay(void **state)
{
	struct fixture f;

	begin(&f, &row_text, RENDER_TIME_UTC, true);
	feed(&f);
	end(&f, &row_text);
	assert_string_equal(f.out, "TIME     NAME      N MS END          MORE\n"
				   "08:00:01 a         7 1.234 10.0.0.1:80  st=LISTEN people=1\n"
				   "08:00:02 q\"uo,te\\x1b\\xff    - 1.234 [2001:db8::1]:443\n"
				   "    tcp_ack+0x1\n"
				   "    ?\n"
				   "08:00:02 b                  - 1.234 -:-\n"
				   "lost 3\n");
	assert_string_equal(f.notes, "");
}

static void test_text_without_a_wall_clock_is_relative(void **state)
{
	struct fixture f;

	begin(&f, &row_text, RENDER_TIME_LOCAL, false);
	feed(&f);
	end(&f, &row_text);
	assert_non_null(strstr(f.out, "\n0.500000 a "));
}

static void test_text_without_heads_has_no_header(void **state)
{
	const struct column line = {.key = "line", .head = "", .where = COLUMN_TEXT};
	struct cell cell = cell_str("  two blanks");
	struct fault fault = FAULT_INIT;
	struct fixture f;

	begin(&f, &row_text, RENDER_TIME_LOCAL, false);
	assert_int_equal(table_begin(&f.sink, &line, 1, &fault), 0);
	assert_int_equal(table_row(&f.sink, &cell, &fault), 0);
	end(&f, &row_text);
	assert_string_equal(f.out, "  two blanks\n");
}

static void test_json_leaves_out_what_is_unknown(void **state)
{
	struct fixture f;

	begin(&f, &row_json, RENDER_TIME_UTC, true);
	feed(&f);
	end(&f, &row_json);
	assert_string_equal(
		f.out,
		"{\"time\":\"2027-01-15T08:00:01.500000000Z\",\"name\":\"a\",\"n\":7,\"ms\":1.234,"
		"\"id\":\"0xbeef\",\"addr\":\"10.0.0.1\",\"state\":\"LISTEN\",\"programs\":-2}\n"
		"{\"time\":\"2027-01-15T08:00:02.500000000Z\","
		"\"name\":\"q\\\"uo,te\\u001b\\ufffd\",\"ms\":1.234,\"id\":\"0xbeef\","
		"\"addr\":\"2001:db8::1\",\"more\":\"\",\"stack\":[\"tcp_ack+0x1\",\"?\"]}\n"
		"{\"time\":\"2027-01-15T08:00:02.500000000Z\",\"name\":\"b\",\"ms\":1.234,"
		"\"id\":\"0xbeef\",\"addr\":\"2001:db8::1\",\"more\":\"\"}\n");
	assert_string_equal(f.notes, "lost 3\n");
}

static void test_json_without_a_wall_clock_has_no_time(void **state)
{
	struct fixture f;

	begin(&f, &row_json, RENDER_TIME_UTC, false);
	feed(&f);
	end(&f, &row_json);
	assert_null(strstr(f.out, "\"time\""));
}

static void test_csv_quotes(void **state)
{
	struct fixture f;

	begin(&f, &row_csv, RENDER_TIME_UTC, true);
	feed(&f);
	end(&f, &row_csv);
	assert_string_equal(
		f.out,
		"time,name,n,ms,id,addr,more,stack\n"
		"2027-01-15T08:00:01.500000000Z,a,7,1.234,0xbeef,10.0.0.1,state=LISTEN;programs=-2,"
		"\n"
		"2027-01-15T08:00:02.500000000Z,\"q\"\"uo,te\\x1b\\xff\",,1.234,0xbeef,2001:db8::1,"
		","
		"tcp_ack+0x1;?\n"
		"2027-01-15T08:00:02.500000000Z,b,,1.234,0xbeef,2001:db8::1,,\n");
	assert_string_equal(f.notes, "lost 3\n");
}

/* A spreadsheet runs no cell, a terminal obeys none, and a row stays a line. */
static void test_csv_is_harmless(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{"plain", "plain"},
		{"a-b", "a-b"},
		{"=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"},
		{"=1,\"2\"", "\"'=1,\"\"2\"\"\""},
		{"+1", "'+1"},
		{"-bash", "'-bash"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\xef\xbc\x9d"
		 "1",
		 "'\xef\xbc\x9d"
		 "1"},
		{"\t=1", "\\x09=1"},
		{"\r=1", "\\x0d=1"},
		{"a\nb", "a\\x0ab"},
		{"\x7f", "\\x7f"},
		{"\xc2\x9b"
		 "2J",
		 "\\xc2\\x9b2J"},
		{"\x9b"
		 "2J",
		 "\\x9b2J"},
		{"\xe2\x80\xae", "\\xe2\\x80\\xae"},
		{"\xc3\xbc", "\xc3\xbc"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cell cells[COLS] = {[NAME] = cell_str(cases[i].name)};
		struct fault fault = FAULT_INIT;
		char want[128];
		struct fixture f;

		begin(&f, &row_csv, RENDER_TIME_UTC, true);
		assert_int_equal(table_begin(&f.sink, columns, COLS, &fault), 0);
		assert_int_equal(table_row(&f.sink, cells, &fault), 0);
		end(&f, &row_csv);
		snprintf(want, sizeof(want), "time,name,n,ms,id,addr,more,stack\n,%s,,,,,,\n",
			 cases[i].want);
		assert_string_equal(f.out, want);
	}
}

/* A note may quote a tape, and goes to a terminal even where the output goes to a file. */
static void test_a_note_is_harmless_in_every_format(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct fault fault = FAULT_INIT;
		struct fixture f;
		bool is_text = all[i] == &row_text;

		begin(&f, all[i], RENDER_TIME_UTC, true);
		assert_int_equal(table_note(&f.sink,
					    "a\033]0;t\007\nb\rc\177\xc2\x9b"
					    "2J\x9b"
					    "1m",
					    &fault),
				 0);
		end(&f, all[i]);
		assert_string_equal(is_text ? f.out : f.notes,
				    "a\\x1b]0;t\\x07\\x0ab\\x0dc\\x7f\\xc2\\x9b2J\\x9b1m\n");
		assert_string_equal(is_text ? f.notes : f.out, "");
	}
}

static void test_a_full_disk_is_a_fault(void **state)
{
	struct fault fault = FAULT_INIT;
	struct table_sink sink;
	struct render_options o = {.fd = open("/dev/full", O_WRONLY)};

	assert_true(o.fd >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct cell cells[COLS] = {0};

		fault = FAULT_INIT;
		assert_int_equal(row_renderer_open(all[i], &o, &sink, &fault), 0);
		assert_int_equal(table_begin(&sink, columns, COLS, &fault), 0);
		assert_int_equal(table_row(&sink, cells, &fault), 0);
		assert_int_equal(row_renderer_finish(all[i], &sink, &fault), -ENOSPC);
		assert_non_null(strstr(fault.text, "standard output"));
	}
	close(o.fd);
}

static void test_limit_counts_what_it_drops(void **state)
{
	struct table_limit l = {.max = 1};
	struct table_sink sink;
	struct cell cells[COLS] = {[NAME] = cell_str("x")};
	struct fault fault = FAULT_INIT;
	struct fixture f;

	begin(&f, &row_csv, RENDER_TIME_UTC, true);
	l.inner = f.sink;
	sink = table_limit_sink(&l);
	assert_int_equal(table_begin(&sink, columns, COLS, &fault), 0);
	assert_false(table_limit_is_full(&l));
	for (int i = 0; i < 3; i++)
		assert_int_equal(table_row(&sink, cells, &fault), 0);
	assert_true(table_limit_is_full(&l));
	assert_int_equal(l.dropped, 2);
	assert_int_equal(table_begin(&sink, columns, COLS, &fault), 0);
	assert_false(table_limit_is_full(&l));
	end(&f, &row_csv);
	assert_string_equal(f.out, "time,name,n,ms,id,addr,more,stack\n,x,,,,,,\n"
				   "time,name,n,ms,id,addr,more,stack\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_columns_grow_and_stay),
		cmocka_unit_test(test_text_without_a_wall_clock_is_relative),
		cmocka_unit_test(test_text_without_heads_has_no_header),
		cmocka_unit_test(test_json_leaves_out_what_is_unknown),
		cmocka_unit_test(test_json_without_a_wall_clock_has_no_time),
		cmocka_unit_test(test_csv_quotes),
		cmocka_unit_test(test_csv_is_harmless),
		cmocka_unit_test(test_a_note_is_harmless_in_every_format),
		cmocka_unit_test(test_a_full_disk_is_a_fault),
		cmocka_unit_test(test_limit_counts_what_it_drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
