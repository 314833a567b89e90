// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/units.h"
#include "document/prose.h"
#include "document/text-page.h"

/* Columns after these are not shown. */
#define COLUMNS_MAX 64u
/* Passed as the number of a row, this means the header line. */
#define ROW_HEADER SIZE_MAX

static size_t column_width(const struct text_page *p, const struct document_table *t, size_t column)
{
	const struct column *c = &t->columns[column];
	size_t width = strlen(c->head) > c->width ? strlen(c->head) : c->width;
	struct text plain CLEANUP(text_done) = {0};

	for (size_t i = 0; i < prose_rows(t); i++) {
		struct text safe CLEANUP(text_done) = {0};

		text_clear(&plain);
		prose_cell(&plain, p->options, c, &t->cells[i * t->n_columns + column]);
		text_safe(&safe, plain.data, plain.len);
		width = safe.len > width ? safe.len : width;
	}
	return width;
}

static void cell_put(const struct text_page *p, const char *s, size_t len, size_t width,
		     bool is_right, bool is_last)
{
	size_t pad = len < width ? width - len : 0;

	if (is_right)
		text_fill(p->out, ' ', pad);
	text_mem(p->out, s, len);
	if (!is_right && !is_last)
		text_fill(p->out, ' ', pad);
}

/* Writes row number `row`, or the header line. */
static void row_put(const struct text_page *p, const struct document_table *t, const size_t *widths,
		    size_t row, size_t last)
{
	for (size_t i = 0; i < t->n_columns && i < COLUMNS_MAX; i++) {
		const struct column *c = &t->columns[i];
		struct text plain CLEANUP(text_done) = {0}, safe CLEANUP(text_done) = {0};

		if (!prose_has_column(c))
			continue;
		if (row == ROW_HEADER)
			text_str(&plain, c->head);
		else
			prose_cell(&plain, p->options, c, &t->cells[row * t->n_columns + i]);
		text_safe(&safe, plain.data, plain.len);
		cell_put(p, safe.data, safe.len, widths[i], c->is_right, i == last);
		if (i != last)
			text_char(p->out, ' ');
	}
	text_char(p->out, '\n');
}

void text_page_table(const struct text_page *p, const struct document_table *t)
{
	size_t widths[COLUMNS_MAX] = {0}, last = 0, rows = prose_rows(t);
	uint64_t more = t->n_left_out + t->n_rows - rows;
	struct text plain CLEANUP(text_done) = {0};

	if (!rows)
		return;
	text_str(&plain, t->title);
	text_str(&plain, t->is_ranked ? ", worst first" : "");
	if (more) {
		text_str(&plain, " (");
		units_count(&plain, more);
		text_str(&plain, " more)");
	}
	text_page_heading(p, text_cstr(&plain));
	for (size_t i = 0; i < t->n_columns && i < COLUMNS_MAX; i++) {
		if (!prose_has_column(&t->columns[i]))
			continue;
		last = i;
		widths[i] = column_width(p, t, i);
	}
	row_put(p, t, widths, ROW_HEADER, last);
	for (size_t i = 0; i < rows; i++)
		row_put(p, t, widths, i, last);
}
