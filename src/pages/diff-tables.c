// SPDX-License-Identifier: MIT
/*
 * Tables of the difference: all of it, then by cause, peer, network, port, destination and process,
 * those with the greatest change first. Changes that may be chance are in the first table only.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pages/diff-page.h"
#include "detect/findings.h"

#define ROWS_MAX 200u

enum { COL_NAME, COL_WHAT, COL_N0, COL_RATE0, COL_N1, COL_RATE1, COL_TIMES, COL_SURE, COL_N };

static const struct column columns[COL_N] = {
	[COL_NAME] = {.key = "name",
		      .head = "NAME",
		      .where = COLUMN_TEXT | COLUMN_JSON,
		      .width = 18},
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
	const struct group_key *key; /* NULL: what says it all */
	enum group_by dimension;
	const char *name, *what;
	const struct change_count *count;
	struct change change;
	bool is_trouble;
};

struct rows {
	struct row *items;
	size_t n, cap;
};

static int add(struct rows *rows, const struct row *row)
{
	if (rows->n == rows->cap) {
		size_t cap = rows->cap ? rows->cap * 2 : 64;
		struct row *bigger = realloc(rows->items, cap * sizeof(*bigger));

		if (!bigger)
			return -ENOMEM;
		rows->items = bigger;
		rows->cap = cap;
	}
	rows->items[rows->n++] = *row;
	return 0;
}

static int by_z(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	double n = fabs(x->change.z), m = fabs(y->change.z);
	int r;

	if (n != m)
		return n < m ? 1 : -1;
	r = strcmp(x->what, y->what);
	return r || !x->key || !y->key ? r : memcmp(x->key, y->key, sizeof(*x->key));
}

static const char *rate_words(struct change_page *p, const struct change *c, unsigned int side)
{
	struct text t CLEANUP(text_done) = {0};

	change_rate_text(&t, c, side);
	return t.failed ? NULL : arena_str(&p->arena, text_cstr(&t));
}

static const char *verdict_of(const struct row *r)
{
	if (!r->change.is_significant)
		return "-";
	if (!r->is_trouble)
		return r->change.z > 0 ? "more" : "fewer";
	return r->change.z > 0 ? "worse" : "better";
}

static int put_row(struct change_page *p, const struct row *r, struct cell *cells)
{
	const struct change *c = &r->change;
	struct text t CLEANUP(text_done) = {0};
	const char *rates[2], *name;

	if (r->key)
		group_key_text(r->dimension, r->key, &t);
	else
		text_str(&t, r->name);
	name = t.failed ? NULL : arena_str(&p->arena, text_cstr(&t));
	rates[0] = rate_words(p, c, 0);
	rates[1] = rate_words(p, c, 1);
	if (!name || !rates[0] || !rates[1])
		return -ENOMEM;
	cells[COL_NAME] = cell_str(name);
	cells[COL_WHAT] = cell_str(r->what);
	cells[COL_N0] = cell_u64(r->count->sides[0].n);
	cells[COL_RATE0] = cell_str(rates[0]);
	cells[COL_N1] = cell_u64(r->count->sides[1].n);
	cells[COL_RATE1] = cell_str(rates[1]);
	cells[COL_TIMES] = c->rates[0] > 0 && c->rates[1] / c->rates[0] < 1e6
				   ? cell_fixed((uint64_t)(c->rates[1] / c->rates[0] * 10 + 0.5))
				   : cell_absent();
	cells[COL_SURE] = cell_str(verdict_of(r));
	return 0;
}

static int make_table(struct change_page *p, const char *id, const char *title, const char *head,
		      struct rows *rows, size_t n_brief, bool is_ranked, struct document_table *ret)
{
	size_t n = rows->n < ROWS_MAX ? rows->n : ROWS_MAX;
	struct column *own = arena_copy(&p->arena, columns, sizeof(columns));
	struct cell *cells = arena_alloc(&p->arena, (n * COL_N + 1) * sizeof(*cells));
	int r = own && cells ? 0 : -ENOMEM;

	if (!r)
		own[COL_NAME].head = head;
	for (size_t i = 0; !r && i < n; i++)
		r = put_row(p, &rows->items[i], &cells[i * COL_N]);
	*ret = (struct document_table){
		.id = id,
		.title = title,
		.columns = own,
		.n_columns = COL_N,
		.cells = cells,
		.n_rows = n,
		.n_brief = n_brief,
		.n_left_out = rows->n - n,
		.is_ranked = is_ranked,
	};
	return r;
}

static int total_table(struct change_page *p, struct document_table *ret)
{
	struct rows rows = {0};
	int r = 0;

	for (unsigned int m = 0; !r && m < CHANGE_METRICS; m++) {
		r = add(&rows, &(struct row){.name = "all",
					     .what = change_metrics[m].label,
					     .count = &p->changes.total[m],
					     .change = change_of(&p->changes, p->changes.total, m),
					     .is_trouble = change_metrics[m].is_trouble});
	}
	if (!r)
		r = make_table(p, "total", "All", "ALL", &rows, CHANGE_METRICS, false, ret);
	free(rows.items);
	return r;
}

static int cause_table(struct change_page *p, struct document_table *ret)
{
	struct rows rows = {0};
	int r = 0;

	for (unsigned int cause = 0; !r && cause < TCP_CAUSE_N; cause++) {
		const struct change_count *count = &p->changes.causes[cause];

		if (!tcp_cause_name(cause) || (!count->sides[0].n && !count->sides[1].n))
			continue;
		r = add(&rows, &(struct row){.name = tcp_cause_name(cause),
					     .what = "retransmissions",
					     .count = count,
					     .change = change_of_cause(&p->changes, cause),
					     .is_trouble = true});
	}
	if (!r)
		r = make_table(p, "causes", "Causes", "CAUSE", &rows, TCP_CAUSE_N, false, ret);
	free(rows.items);
	return r;
}

static int group_table(struct change_page *p, enum group_by d, const char *title, const char *head,
		       struct document_table *ret)
{
	struct group_walk walk = {0};
	const struct change_group *g;
	struct rows rows = {0};
	int r = 0;

	while (!r && (g = groups_next(&p->changes.groups[d], &walk))) {
		for (unsigned int m = 0; !r && m < CHANGE_METRICS; m++) {
			struct change c = change_of(&p->changes, g->counts, m);

			if (c.is_significant)
				r = add(&rows,
					&(struct row){.key = &g->key,
						      .dimension = d,
						      .what = change_metrics[m].label,
						      .count = &g->counts[m],
						      .change = c,
						      .is_trouble = change_metrics[m].is_trouble});
		}
	}
	if (!r && rows.n)
		qsort(rows.items, rows.n, sizeof(*rows.items), by_z);
	if (!r)
		r = make_table(p, group_by_name(d), title, head, &rows, 8, true, ret);
	free(rows.items);
	return r;
}

int diff_page_tables(struct change_page *p, struct document_table *ret)
{
	static const struct {
		const char *title, *head;
	} names[GROUP_BY_N] = {
		[GROUP_BY_PEER] = {"Peers", "PEER"},
		[GROUP_BY_PREFIX] = {"Networks", "NETWORK"},
		[GROUP_BY_PORT] = {"Ports", "PORT"},
		[GROUP_BY_DESTINATION] = {"Destinations called", "DESTINATION"},
		[GROUP_BY_PROCESS] = {"Processes", "PROCESS"},
	};
	int r = total_table(p, &ret[0]);

	if (!r)
		r = cause_table(p, &ret[1]);
	for (unsigned int d = 0; !r && d < GROUP_BY_N; d++)
		r = group_table(p, d, names[d].title, names[d].head, &ret[2 + d]);
	return r;
}
