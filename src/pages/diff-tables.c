// SPDX-License-Identifier: MIT
/*
 * diff-tables: the tables of a diff: one of the totals, then one each by cause, peer, network,
 * port, destination and process, the greatest change first, and what only one of the tapes has.
 * Changes that may be chance are shown in the tables of totals and causes only.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "detect/findings.h"
#include "pages/diff-page.h"
#include "pages/group-words.h"

#define ROWS_MAX   200u
#define ROWS_BRIEF 8u

enum {
	COL_NAMED,
	COL_NAME,
	COL_WHAT,
	COL_N0,
	COL_RATE0,
	COL_N1,
	COL_RATE1,
	COL_TIMES,
	COL_SURE,
	COL_N
};

static const struct column columns[COL_N] = {
	[COL_NAMED] = {.key = "named", .head = "NAME", .where = COLUMN_TEXT, .width = 18},
	[COL_NAME] = {.key = "name", .where = COLUMN_JSON},
	[COL_WHAT] = {.key = "metric", .head = "WHAT", .where = COLUMN_TEXT | COLUMN_JSON},
	[COL_N0] = {.key = "before",
		    .head = "BEFORE",
		    .where = COLUMN_TEXT | COLUMN_JSON,
		    .is_right = true},
	[COL_RATE0] = {.key = "before_rate",
		       .head = "RATE",
		       .where = COLUMN_TEXT | COLUMN_JSON,
		       .is_right = true},
	[COL_N1] = {.key = "after",
		    .head = "AFTER",
		    .where = COLUMN_TEXT | COLUMN_JSON,
		    .is_right = true},
	[COL_RATE1] = {.key = "after_rate",
		       .head = "RATE",
		       .where = COLUMN_TEXT | COLUMN_JSON,
		       .is_right = true},
	[COL_TIMES] = {.key = "times",
		       .head = "TIMES",
		       .where = COLUMN_TEXT | COLUMN_JSON,
		       .is_right = true,
		       .decimals = 1},
	[COL_SURE] = {.key = "change", .head = "CHANGE", .where = COLUMN_TEXT | COLUMN_JSON},
};

struct row {
	const struct change_group *group; /* NULL: the row has a name instead */
	enum group_by by;
	const char *name, *what;
	const struct change_count *count;
	struct change change;
	bool is_trouble;
};

struct rows {
	struct document_builder *builder;
	struct row *items;
	size_t n, cap;
};

static void rows_done(struct rows *rows)
{
	free(rows->items);
}

static void rows_add(struct rows *rows, const struct row *row)
{
	if (vec_reserve(rows->items, rows->cap, rows->n + 1) < 0)
		rows->builder->failed = true;
	else
		rows->items[rows->n++] = *row;
}

static int by_z(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	double n = fabs(x->change.z), m = fabs(y->change.z);
	int r = x->change.is_incomparable - y->change.is_incomparable;

	if (r)
		return r;
	if (n != m)
		return n < m ? 1 : -1;
	r = strcmp(x->what, y->what);
	return r || !x->group || !y->group ? r : group_key_compare(&x->group->key, &y->group->key);
}

static const char *rate_words(struct diff_page *p, const struct change *c, unsigned int side)
{
	struct text t CLEANUP(text_done) = {0};

	change_rate_text(&t, c, side);
	return document_builder_text(&p->builder, &t);
}

static const char *verdict_of(const struct row *r)
{
	if (r->change.is_incomparable)
		return r->count->sides[1].n ? "new" : "gone";
	if (!r->change.is_significant)
		return "-";
	if (!r->is_trouble)
		return r->change.z > 0 ? "more" : "fewer";
	return r->change.z > 0 ? "worse" : "better";
}

/* The name of what changed; of an address, with the user's name for it. */
static const char *row_name(struct diff_page *p, const struct row *r, const struct labels *names)
{
	struct text t CLEANUP(text_done) = {0};

	if (r->group && r->group->port_before)
		text_printf(&t, "port %u%s, was %u", r->group->key.port,
			    r->group->key.is_served ? " here" : "", r->group->port_before);
	else if (r->group)
		group_key_text(r->by, &r->group->key, names, &t);
	else
		text_str(&t, r->name);
	return document_builder_text(&p->builder, &t);
}

static void row_put_cells(struct diff_page *p, const struct row *r, struct cell *cells)
{
	const struct change *c = &r->change;

	cells[COL_NAME] = cell_str(row_name(p, r, NULL));
	cells[COL_NAMED] = cell_str(row_name(p, r, p->changes.labels));
	cells[COL_WHAT] = cell_str(r->what);
	cells[COL_N0] = cell_u64(r->count->sides[0].n);
	cells[COL_RATE0] = cell_str(rate_words(p, c, 0));
	cells[COL_N1] = cell_u64(r->count->sides[1].n);
	cells[COL_RATE1] = cell_str(rate_words(p, c, 1));
	cells[COL_TIMES] = c->rates[0] > 0 && c->rates[1] / c->rates[0] < 1e6
				   ? cell_fixed((uint64_t)(c->rates[1] / c->rates[0] * 10 + 0.5))
				   : cell_absent();
	cells[COL_SURE] = cell_str(verdict_of(r));
}

/* The names of a table, and how it is shown. */
struct table_words {
	const char *id, *title;
	const char *head; /* head of the first column */
	size_t n_brief;
	bool is_ranked;
};

static void rows_put_table(struct diff_page *p, const struct rows *rows,
			   const struct table_words *words, struct document_table *ret)
{
	size_t n = rows->n < ROWS_MAX ? rows->n : ROWS_MAX;
	struct column *own = document_builder_alloc(&p->builder, sizeof(columns));
	struct cell *cells = document_builder_alloc(&p->builder, (n * COL_N + 1) * sizeof(*cells));

	if (!own || !cells)
		return;
	memcpy(own, columns, sizeof(columns));
	own[COL_NAMED].head = words->head;
	for (size_t i = 0; i < n; i++)
		row_put_cells(p, &rows->items[i], &cells[i * COL_N]);
	*ret = (struct document_table){
		.id = words->id,
		.title = words->title,
		.columns = own,
		.n_columns = COL_N,
		.cells = cells,
		.n_rows = n,
		.n_brief = words->n_brief,
		.n_left_out = rows->n - n,
		.is_ranked = words->is_ranked,
	};
}

static void put_total_table(struct diff_page *p, struct document_table *ret)
{
	static const struct table_words words = {"total", "All", "ALL", CHANGE_METRICS, false};
	struct rows rows CLEANUP(rows_done) = {.builder = &p->builder};

	for (unsigned int m = 0; m < CHANGE_METRICS; m++)
		rows_add(&rows, &(struct row){.name = "all",
					      .what = change_metrics[m].label,
					      .count = &p->changes.total[m],
					      .change = change_of(&p->changes, p->changes.total, m),
					      .is_trouble = change_metrics[m].is_trouble});
	rows_put_table(p, &rows, &words, ret);
}

static void put_cause_table(struct diff_page *p, struct document_table *ret)
{
	static const struct table_words words = {"causes", "Causes", "CAUSE", TCP_CAUSE_N, false};
	struct rows rows CLEANUP(rows_done) = {.builder = &p->builder};

	for (unsigned int cause = 0; cause < TCP_CAUSE_N; cause++) {
		const struct change_count *count = &p->changes.causes[cause];

		if (!tcp_cause_name(cause) || (!count->sides[0].n && !count->sides[1].n))
			continue;
		rows_add(&rows, &(struct row){.name = tcp_cause_name(cause),
					      .what = "retransmissions",
					      .count = count,
					      .change = change_of_cause(&p->changes, cause),
					      .is_trouble = true});
	}
	rows_put_table(p, &rows, &words, ret);
}

/* True if only one of the tapes has the group, and it has not just a few of these events. */
static bool is_notable(const struct change *c, const struct change_count *count)
{
	return c->is_incomparable && count->sides[0].n + count->sides[1].n >= CHANGE_EVENTS_MIN;
}

/* Makes the table of one kind of groups: only changes that are too large to be chance, the greatest
 * first, then what only one of the tapes has. */
static void put_group_table(struct diff_page *p, enum group_by d, struct document_table *ret)
{
	const struct table_words words = {group_by_name(d), group_words[d].title,
					  group_words[d].head, ROWS_BRIEF, true};
	struct rows rows CLEANUP(rows_done) = {.builder = &p->builder};
	struct group_walk walk = {0};
	const struct change_group *g;

	while ((g = groups_next(&p->changes.groups[d], &walk))) {
		for (unsigned int m = 0; m < CHANGE_METRICS; m++) {
			struct change c = change_of_group(&p->changes, g, m);

			if (!c.is_significant && !is_notable(&c, &g->counts[m]))
				continue;
			rows_add(&rows, &(struct row){.group = g,
						      .by = d,
						      .what = change_metrics[m].label,
						      .count = &g->counts[m],
						      .change = c,
						      .is_trouble = change_metrics[m].is_trouble});
		}
	}
	if (rows.n)
		qsort(rows.items, rows.n, sizeof(*rows.items), by_z);
	rows_put_table(p, &rows, &words, ret);
}

void diff_page_tables(struct diff_page *p)
{
	struct document_table *tables =
		document_builder_alloc(&p->builder, DIFF_PAGE_TABLES * sizeof(*tables));

	if (!tables)
		return;
	put_total_table(p, &tables[0]);
	put_cause_table(p, &tables[1]);
	p->document.n_tables = 2;
	for (unsigned int d = 0; d < GROUP_BY_N; d++) {
		/* Without names there are no groups by them. */
		if (d != GROUP_BY_LABEL || p->changes.labels)
			put_group_table(p, d, &tables[p->document.n_tables++]);
	}
	p->document.tables = tables;
}
