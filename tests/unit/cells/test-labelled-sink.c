// SPDX-License-Identifier: MIT
/* Names in place of addresses in text, and in columns of their own for programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "cells/cells.h"
#include "cells/labelled-sink.h"
#include "tcp/label-file.h"

/* A sink that writes "key=value ..." for each row, and "# ..." for a note. */
struct written {
	struct text text;
	const struct column *columns;
	size_t n;
};

static int written_begin(struct table_sink *s, const struct column *columns, size_t n,
			 struct fault *fault)
{
	struct written *w = s->self;

	w->columns = columns;
	w->n = n;
	return 0;
}

static void cell_write(struct text *t, const struct cell *cell)
{
	struct endpoint e = {.addr.family = cell->family, .port = cell->port};

	if (cell->kind == CELL_ADDR || cell->kind == CELL_ENDPOINT)
		memcpy(e.addr.bytes, cell->addr, cell->family == 4 ? 4 : 16);
	switch (cell->kind) {
	case CELL_U64: text_u64(t, cell->u64); break;
	case CELL_STR: text_mem(t, cell->str, cell->n); break;
	case CELL_ADDR: ip_addr_text(t, &e.addr); break;
	case CELL_ENDPOINT: endpoint_text(t, &e); break;
	default: text_char(t, '-');
	}
}

static int written_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct written *w = s->self;

	for (size_t i = 0; i < w->n; i++) {
		if (!(w->columns[i].where & s->shows))
			continue;
		text_printf(&w->text, "%s=", w->columns[i].key);
		cell_write(&w->text, &cells[i]);
		text_char(&w->text, ' ');
	}
	text_char(&w->text, '\n');
	return 0;
}

static int written_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct written *w = s->self;

	text_printf(&w->text, "# %s\n", line);
	return 0;
}

static int written_flush(struct table_sink *s, struct fault *fault)
{
	text_str(&((struct written *)s->self)->text, "flush\n");
	return 0;
}

static const struct table_ops written_ops = {
	.begin = written_begin,
	.row = written_row,
	.note = written_note,
	.flush = written_flush,
};

static const struct column columns[] = {
	{.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT},
	{.key = "laddr", .head = "LADDR", .where = COLUMN_ALL},
	{.key = "lport", .head = "LPORT", .where = COLUMN_ALL},
	{.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT},
	{.key = "raddr", .where = COLUMN_DATA},
	{.key = "rport", .where = COLUMN_DATA},
};

static const char names[] = "10.2.3.4 db-1\n"
			    "10.0.0.0/8 office\n"
			    "2001:db8::/32 lab\n"
			    "[2001:db8::7]:443 web\n"
			    ":5432 postgres\n";

static struct endpoint end(const char *addr, uint16_t port)
{
	struct endpoint e = {.port = port};
	struct ip_prefix p;

	if (*addr) {
		assert_int_equal(ip_prefix_parse(addr, &p), 0);
		e.addr = p.addr;
	}
	return e;
}

static void row_put(struct table_sink *out, const struct endpoint *l, const struct endpoint *r)
{
	struct fault fault = FAULT_INIT;
	const struct cell cells[ARRAY_SIZE(columns)] = {
		cell_endpoint(l), cell_addr(&l->addr), cell_port(l->port),
		cell_endpoint(r), cell_addr(&r->addr), cell_port(r->port),
	};

	assert_int_equal(table_row(out, cells, &fault), 0);
}

/* What a sink that shows these formats gets of the rows. */
static void check(uint8_t shows, const struct endpoint (*rows)[2], size_t n, const char *want)
{
	struct arena arena CLEANUP(arena_done) = {0};
	struct written w = {0};
	struct labelled_sink s = {.inner = {&written_ops, &w, shows}};
	struct fault fault = FAULT_INIT;
	struct labels labels;
	struct table_sink out;

	assert_int_equal(labels_parse(names, strlen(names), "f", &arena, &labels, &fault), 0);
	s.labels = &labels;
	out = labelled_sink_open(&s);
	assert_int_equal(out.shows, shows);
	assert_int_equal(table_begin(&out, columns, ARRAY_SIZE(columns), &fault), 0);
	for (size_t i = 0; i < n; i++)
		row_put(&out, &rows[i][0], &rows[i][1]);
	assert_int_equal(table_note(&out, "note", &fault), 0);
	assert_int_equal(table_page(&out, 0, "", false, &fault), 0);
	assert_int_equal(table_flush(&out, &fault), 0);
	labelled_sink_done(&s);
	assert_string_equal(text_cstr(&w.text), want);
	text_done(&w.text);
}

static void test_text_keeps_the_addresses_of_networks(void **state)
{
	const struct endpoint rows[][2] = {
		{end("10.2.3.4", 5432), end("10.1.1.1", 40000)},
		{end("2001:db8::1", 443), end("2001:db8::7", 443)},
		{end("192.0.2.1", 80), end("192.0.2.2", 5432)},
		{end("10.2.3.4", 0), end("", 5432)},
	};

	check(COLUMN_TEXT, rows, ARRAY_SIZE(rows),
	      "local=db-1:5432 laddr=db-1 lport=5432 remote=office/10.1.1.1:40000 \n"
	      "local=lab/[2001:db8::1]:443 laddr=lab/2001:db8::1 lport=443 remote=web:443 \n"
	      "local=192.0.2.1:80 laddr=192.0.2.1 lport=80 remote=postgres/192.0.2.2:5432 \n"
	      "local=db-1:- laddr=db-1 lport=- remote=postgres/-:5432 \n"
	      "# note\nflush\n");
}

static void test_programs_get_columns_after_the_last(void **state)
{
	const struct endpoint rows[][2] = {
		{end("10.2.3.4", 5432), end("10.1.1.1", 40000)},
		{end("192.0.2.1", 80), end("2001:db8::7", 443)},
		{end("192.0.2.1", 80), end("", 5432)},
		{end("192.0.2.1", 80), end("2001:db9::7", 443)},
	};

	check(COLUMN_CSV, rows, ARRAY_SIZE(rows),
	      "laddr=10.2.3.4 lport=5432 raddr=10.1.1.1 rport=40000 llabel=db-1 rlabel=office \n"
	      "laddr=192.0.2.1 lport=80 raddr=2001:db8::7 rport=443 llabel=- rlabel=web \n"
	      "laddr=192.0.2.1 lport=80 raddr=- rport=5432 llabel=- rlabel=postgres \n"
	      "laddr=192.0.2.1 lport=80 raddr=2001:db9::7 rport=443 llabel=- rlabel=- \n"
	      "# note\nflush\n");
}

static void test_tables_without_addresses_stay_as_they_are(void **state)
{
	static const struct column other[] = {{.key = "port", .where = COLUMN_ALL}};
	struct written w = {0};
	static const struct labels none;
	struct labelled_sink s = {.inner = {&written_ops, &w, COLUMN_JSON}, .labels = &none};
	struct table_sink out = labelled_sink_open(&s);
	struct fault fault = FAULT_INIT;
	struct cell cell = cell_u64(1);

	assert_int_equal(table_begin(&out, other, 1, &fault), 0);
	assert_int_equal(table_row(&out, &cell, &fault), 0);
	assert_int_equal(table_begin(&out, columns, ARRAY_SIZE(columns), &fault), 0);
	assert_int_equal(w.n, ARRAY_SIZE(columns) + 2);
	labelled_sink_done(&s);
	assert_string_equal(text_cstr(&w.text), "port=1 \n");
	text_done(&w.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_keeps_the_addresses_of_networks),
		cmocka_unit_test(test_programs_get_columns_after_the_last),
		cmocka_unit_test(test_tables_without_addresses_stay_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
