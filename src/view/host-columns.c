// SPDX-License-Identifier: MIT
#include "view/host-columns.h"

#include <string.h>

#include "base/units.h"

enum {
	COL_GROUP,
	COL_COUNTER,
	COL_SCOPE,
	COL_KIND,
	COL_TOTAL,
	COL_FIRST,
	COL_LAST,
	COL_MOST,
	COL_PER_S,
	COL_WORST,
	COL_WORST_OR_MOST,
	COL_WORST_FROM,
	COL_AT,
	COL_SPACES,
	COL_CURVE,
	COL_STEP,
	COL_MEANING,
	COL_SOURCE,
	COL_LINES,
};

/* In text the meaning stands on a line of its own below the row. */
static const struct column columns[HOST_COLUMNS] = {
	[COL_GROUP] = {.key = "group", .where = COLUMN_DATA},
	[COL_COUNTER] = {.key = "counter", .head = "", .where = COLUMN_ALL, .width = 32},
	[COL_SCOPE] = {.key = "scope", .where = COLUMN_DATA},
	[COL_KIND] = {.key = "kind", .where = COLUMN_DATA},
	[COL_TOTAL] = {.key = "total",
		       .head = "TOTAL",
		       .where = COLUMN_ALL,
		       .width = 9,
		       .is_right = true},
	[COL_FIRST] = {.key = "first", .where = COLUMN_DATA},
	[COL_LAST] = {.key = "last", .where = COLUMN_DATA},
	[COL_MOST] = {.key = "most", .where = COLUMN_DATA},
	[COL_PER_S] = {.key = "per_s",
		       .head = "PER S",
		       .where = COLUMN_ALL,
		       .width = 8,
		       .is_right = true,
		       .decimals = 1},
	[COL_WORST] = {.key = "worst_per_s", .where = COLUMN_DATA},
	[COL_WORST_OR_MOST] = {.head = "WORST/S",
			       .where = COLUMN_TEXT,
			       .width = 8,
			       .is_right = true},
	[COL_WORST_FROM] = {.key = "worst_from", .where = COLUMN_DATA},
	[COL_AT] = {.key = "worst_at", .head = "AT", .where = COLUMN_ALL, .width = 8},
	[COL_SPACES] = {.key = "namespaces", .where = COLUMN_DATA},
	[COL_CURVE] = {.key = "curve", .head = "CURVE", .where = COLUMN_ALL, .width = 10},
	[COL_STEP] = {.key = "curve_step_ns", .where = COLUMN_DATA},
	[COL_MEANING] = {.key = "meaning", .where = COLUMN_DATA},
	[COL_SOURCE] = {.key = "source", .where = COLUMN_DATA},
	[COL_LINES] = {.where = COLUMN_TEXT},
};

/* The time from the first reading to the last one, as far as they are in the window. */
static uint64_t readings_span(const struct view_context *context)
{
	const struct counter_book *book = context->counters;
	uint64_t from = UINT64_MAX, to = 0;

	for (size_t i = 0; i < counter_book_n_spaces(book); i++) {
		struct counter_space_info s = counter_book_space(book, i);

		from = s.first_ns < from ? s.first_ns : from;
		to = s.last_ns > to ? s.last_ns : to;
	}
	from = from < context->since_ns ? context->since_ns : from;
	to = to > context->until_ns ? context->until_ns : to;
	return to > from ? to - from : 0;
}

void host_columns_init(struct host_columns *c, const struct view_context *context,
		       bool with_sources)
{
	uint64_t from_ns;

	c->context = context;
	c->with_sources = with_sources;
	c->span_ns = readings_span(context);
	counter_book_scale(context->counters, &from_ns, &c->step_ns, &c->n_points);
}

int host_columns_begin(struct host_columns *c, enum counter_group g, struct table_sink *out,
		       struct fault *fault)
{
	memcpy(c->columns, columns, sizeof(columns));
	c->columns[COL_COUNTER].head = counter_group_title(g);
	return table_begin(out, c->columns, HOST_COLUMNS, fault);
}

/* Between two changes a level stays what it was. */
static void levels_fill(const struct counter_change *change, size_t n,
			uint64_t points[COUNTER_CURVE_MAX])
{
	uint64_t level = change->first > 0 ? (uint64_t)change->first : 0;

	for (size_t i = 0; i < n; i++) {
		level = change->curve[i] ? change->curve[i] : level;
		points[i] = level;
	}
}

static void cells_of_level(const struct counter_change *change, struct cell *cells)
{
	cells[COL_KIND] = cell_word("level");
	cells[COL_TOTAL] = cell_i64((int64_t)((uint64_t)change->last - (uint64_t)change->first));
	cells[COL_MOST] = cells[COL_WORST_OR_MOST] = cell_i64(change->most);
}

static void cells_of_count(const struct host_columns *c, const struct counter_change *change,
			   struct cell *cells)
{
	cells[COL_KIND] = cell_word("count");
	cells[COL_TOTAL] = cell_u64(change->grew);
	if (c->span_ns)
		cells[COL_PER_S] = cell_fixed(
			(uint64_t)((double)change->grew * 1e10 / (double)c->span_ns + 0.5));
	if (!change->worst_to_ns)
		return;
	cells[COL_WORST] = cells[COL_WORST_OR_MOST] = cell_u64(change->worst_per_s);
	cells[COL_WORST_FROM] = cell_time(change->worst_from_ns);
	cells[COL_AT] = cell_time(change->worst_to_ns);
}

int host_row_put(const struct host_columns *c, const struct host_row *row, struct table_sink *out,
		 struct fault *fault)
{
	const struct counter_change *change = &row->change;
	const char *lines[2] = {row->meaning->what, row->meaning->source};
	uint64_t points[COUNTER_CURVE_MAX];
	struct cell cells[HOST_COLUMNS];

	for (size_t i = 0; i < HOST_COLUMNS; i++)
		cells[i] = cell_absent();
	cells[COL_GROUP] = cell_word(counter_group_word(row->meaning->group));
	cells[COL_COUNTER] = cell_str(change->name);
	cells[COL_SCOPE] = cell_word(change->is_of_host ? "host" : "net");
	cells[COL_FIRST] = cell_i64(change->first);
	cells[COL_LAST] = cell_i64(change->last);
	if (row->meaning->is_gauge || change->fell)
		cells_of_level(change, cells);
	else
		cells_of_count(c, change, cells);
	if (!change->is_of_host)
		cells[COL_SPACES] = cell_u64(change->n_spaces);
	if (change->curve) {
		cells[COL_CURVE] = cell_curve(change->curve, c->n_points);
		cells[COL_STEP] = cell_u64(c->step_ns);
	}
	if (change->curve && row->meaning->is_gauge) {
		levels_fill(change, c->n_points, points);
		cells[COL_CURVE] = cell_curve(points, c->n_points);
	}
	cells[COL_MEANING] = cell_word(row->meaning->what);
	cells[COL_SOURCE] = cell_word(row->meaning->source);
	if (row->meaning->what)
		cells[COL_LINES] = cell_list(lines, c->with_sources ? 2 : 1);
	return table_row(out, cells, fault);
}
