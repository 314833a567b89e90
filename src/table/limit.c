// SPDX-License-Identifier: MIT
#include "table/limit.h"

static int limit_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		       struct fault *fault)
{
	struct table_limit *l = s->self;

	l->n_rows = 0;
	return table_begin(&l->inner, columns, n_columns, fault);
}

static int limit_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct table_limit *l = s->self;

	if (table_limit_is_full(l)) {
		l->dropped++;
		return 0;
	}
	l->n_rows++;
	return table_row(&l->inner, cells, fault);
}

static int limit_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct table_limit *l = s->self;

	return table_note(&l->inner, line, fault);
}

static int limit_page(struct table_sink *s, uint64_t ts_ns, const char *title, bool is_screen,
		      struct fault *fault)
{
	struct table_limit *l = s->self;

	return table_page(&l->inner, ts_ns, title, is_screen, fault);
}

static int limit_flush(struct table_sink *s, struct fault *fault)
{
	struct table_limit *l = s->self;

	return table_flush(&l->inner, fault);
}

static const struct table_ops limit_ops = {
	.begin = limit_begin,
	.row = limit_row,
	.note = limit_note,
	.page = limit_page,
	.flush = limit_flush,
};

struct table_sink table_limit_sink(struct table_limit *l)
{
	return (struct table_sink){.ops = &limit_ops, .self = l, .shows = l->inner.shows};
}
