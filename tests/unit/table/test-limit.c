// SPDX-License-Identifier: MIT
/* Which rows a limit lets through, table by table, and what it counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "table/limit.h"

/* A sink that counts what reaches it. */
struct counting {
	unsigned int tables, rows, notes, pages, flushes;
	uint64_t sum; /* of the rows' first cells */
	int result;   /* of every row */
};

static int counting_begin(struct table_sink *s, const struct column *columns, size_t n,
			  struct fault *fault)
{
	((struct counting *)s->self)->tables++;
	return 0;
}

static int counting_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct counting *c = s->self;

	c->rows++;
	c->sum += cells[0].u64;
	return c->result;
}

static int counting_note(struct table_sink *s, const char *line, struct fault *fault)
{
	((struct counting *)s->self)->notes++;
	return 0;
}

static int counting_page(struct table_sink *s, uint64_t ts_ns, const char *title, bool is_screen,
			 struct fault *fault)
{
	((struct counting *)s->self)->pages++;
	return 0;
}

static int counting_flush(struct table_sink *s, struct fault *fault)
{
	((struct counting *)s->self)->flushes++;
	return 0;
}

static const struct table_ops counting_ops = {
	.begin = counting_begin,
	.row = counting_row,
	.note = counting_note,
	.page = counting_page,
	.flush = counting_flush,
};

static const struct column columns[] = {{.key = "n", .where = COLUMN_ALL}};

static struct table_limit limit_to(struct counting *c, uint64_t max)
{
	return (struct table_limit){
		.inner = {.ops = &counting_ops, .self = c, .shows = COLUMN_JSON},
		.max = max,
	};
}

static void give_table(struct table_sink *s, uint64_t n)
{
	assert_int_equal(table_begin(s, columns, 1, NULL), 0);
	for (uint64_t i = 1; i <= n; i++) {
		const struct cell cell = cell_u64(i);

		assert_int_equal(table_row(s, &cell, NULL), 0);
	}
}

static void test_the_first_rows_of_each_table(void **state)
{
	struct counting c = {0};
	struct table_limit l = limit_to(&c, 3);
	struct table_sink s = table_limit_sink(&l);

	assert_int_equal(s.shows, COLUMN_JSON);
	give_table(&s, 5);
	assert_int_equal(c.rows, 3);
	assert_int_equal(c.sum, 1 + 2 + 3);
	assert_true(table_limit_is_full(&l));
	give_table(&s, 2);
	assert_false(table_limit_is_full(&l));
	assert_int_equal(c.tables, 2);
	assert_int_equal(c.rows, 5);
	assert_int_equal(l.dropped, 2);
	give_table(&s, 4);
	assert_int_equal(l.dropped, 3);
}

static void test_zero_is_no_limit(void **state)
{
	struct counting c = {0};
	struct table_limit l = limit_to(&c, 0);
	struct table_sink s = table_limit_sink(&l);

	give_table(&s, 1000);
	assert_int_equal(c.rows, 1000);
	assert_false(table_limit_is_full(&l));
	assert_int_equal(l.dropped, 0);
}

static void test_all_else_passes(void **state)
{
	struct counting c = {.result = -EIO};
	struct table_limit l = limit_to(&c, 1);
	struct table_sink s = table_limit_sink(&l);
	const struct cell cell = cell_u64(1);

	assert_int_equal(table_begin(&s, columns, 1, NULL), 0);
	assert_int_equal(table_row(&s, &cell, NULL), -EIO);
	/* A row that is dropped does not reach the sink that fails. */
	assert_int_equal(table_row(&s, &cell, NULL), 0);
	assert_int_equal(table_note(&s, "note", NULL), 0);
	assert_int_equal(table_page(&s, 1, "page", true, NULL), 0);
	assert_int_equal(table_flush(&s, NULL), 0);
	assert_int_equal(c.notes, 1);
	assert_int_equal(c.pages, 1);
	assert_int_equal(c.flushes, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_rows_of_each_table),
		cmocka_unit_test(test_zero_is_no_limit),
		cmocka_unit_test(test_all_else_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
