// SPDX-License-Identifier: MIT
/*
 * csv: writes rows as CSV (RFC 4180), with a header line of the keys that JSON has. An unknown
 * value is an empty field. Lines end in LF, not in RFC 4180's CR LF: every reader accepts it, and
 * it is usual on Linux.
 */
#include "render/cell-text.h"
#include "rows/row-renderer.h"

/* Puts the field that was written since `start` between quotes if it has a character that needs
 * them. */
static void csv_quote(struct text *t, size_t start)
{
	struct text plain CLEANUP(text_done) = {0};
	bool needs = false;

	for (size_t i = start; i < t->len && !needs; i++)
		needs = strchr("\",\n\r", t->data[i]) != NULL;
	if (!needs)
		return;
	text_mem(&plain, t->data + start, t->len - start);
	t->len = start;
	text_char(t, '"');
	for (size_t i = 0; i < plain.len; i++) {
		if (plain.data[i] == '"')
			text_char(t, '"');
		text_char(t, plain.data[i]);
	}
	text_char(t, '"');
	t->failed |= plain.failed;
}

static int csv_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		     struct fault *fault)
{
	struct row_writer *w = s->self;
	bool is_first = true;
	int r = row_writer_begin(s, columns, n_columns, fault);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_columns; i++) {
		if (!(columns[i].where & COLUMN_CSV))
			continue;
		if (!is_first)
			text_char(&w->out.text, ',');
		is_first = false;
		text_str(&w->out.text, columns[i].key);
	}
	text_char(&w->out.text, '\n');
	return out_buffer_row_done(&w->out, fault);
}

static bool csv_may_need_quotes(const struct cell *cell)
{
	return cell->kind == CELL_STR || cell->kind == CELL_LIST || cell->kind == CELL_FIELDS;
}

static int csv_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct row_writer *w = s->self;
	struct text *t = &w->out.text;
	bool is_first = true;

	for (size_t i = 0; i < w->n_columns; i++) {
		size_t start;

		if (!(w->columns[i].where & COLUMN_CSV))
			continue;
		if (!is_first)
			text_char(t, ',');
		is_first = false;
		start = t->len;
		if (cells[i].kind == CELL_ADDR && !cells[i].family)
			continue;
		cell_text(t, &w->columns[i], &cells[i], &w->timestamp, false);
		if (csv_may_need_quotes(&cells[i]))
			csv_quote(t, start);
	}
	text_char(t, '\n');
	return out_buffer_row_done(&w->out, fault);
}

static const struct table_ops csv_ops = {
	.begin = csv_begin,
	.row = csv_row,
	.note = row_writer_note,
	.flush = row_writer_flush,
};

const struct row_renderer row_csv = {
	.ops = &csv_ops,
	.shows = COLUMN_CSV,
	.state_size = sizeof(struct row_writer),
	.timestamp = timestamp_for_data,
};
