// SPDX-License-Identifier: MIT
/*
 * csv: RFC 4180, with a header line of JSON's keys. What is unknown is an empty field. Lines end
 * in a bare newline, as every reader takes it and most tools here write it.
 */
#include <errno.h>
#include <stdlib.h>

#include "render/cell-text.h"
#include "rows/list.h"
#include "render/out-buffer.h"

struct csv_renderer {
	struct out_buffer out;
	struct timestamp timestamp;
	const struct column *columns;
	size_t n_columns;
};

/* Quotes what was written since `start` where it needs quotes. */
static void quote(struct text *t, size_t start)
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
	struct csv_renderer *r = s->self;
	bool is_first = true;

	r->columns = columns;
	r->n_columns = n_columns;
	for (size_t i = 0; i < n_columns; i++) {
		if (!(columns[i].where & COLUMN_CSV))
			continue;
		if (!is_first)
			text_char(&r->out.text, ',');
		is_first = false;
		text_str(&r->out.text, columns[i].key);
	}
	text_char(&r->out.text, '\n');
	return out_buffer_row_done(&r->out, fault);
}

static bool may_need_quotes(const struct cell *cell)
{
	return cell->kind == CELL_STR || cell->kind == CELL_LIST || cell->kind == CELL_FIELDS;
}

static int csv_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct csv_renderer *r = s->self;
	struct text *t = &r->out.text;
	bool is_first = true;

	for (size_t i = 0; i < r->n_columns; i++) {
		size_t start;

		if (!(r->columns[i].where & COLUMN_CSV))
			continue;
		if (!is_first)
			text_char(t, ',');
		is_first = false;
		start = t->len;
		if (cells[i].kind == CELL_ADDR && !cells[i].family)
			continue;
		cell_text(t, &r->columns[i], &cells[i], &r->timestamp, false);
		if (may_need_quotes(&cells[i]))
			quote(t, start);
	}
	text_char(t, '\n');
	return out_buffer_row_done(&r->out, fault);
}

static int csv_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct csv_renderer *r = s->self;

	return out_buffer_note(&r->out, line, fault);
}

static int csv_flush(struct table_sink *s, struct fault *fault)
{
	struct csv_renderer *r = s->self;

	return out_buffer_flush(&r->out, fault);
}

static const struct table_ops csv_ops = {
	.begin = csv_begin,
	.row = csv_row,
	.note = csv_note,
	.flush = csv_flush,
};

static int csv_new(const struct render_options *o, struct table_sink *ret, struct fault *fault)
{
	struct csv_renderer *r CLEANUP(free_p) = calloc(1, sizeof(*r));
	int code;

	if (!r)
		return fault_errno(fault, -ENOMEM, "renderer");
	r->timestamp = timestamp_for_data(o);
	code = out_buffer_init(&r->out, o->fd, o->note_fd, fault);
	if (code < 0)
		return code;
	*ret = (struct table_sink){.ops = &csv_ops, .self = TAKE(r), .shows = COLUMN_CSV};
	return 0;
}

static int csv_finish(struct table_sink *s, struct fault *fault)
{
	struct csv_renderer *r = s->self;
	int code = out_buffer_flush(&r->out, fault);

	out_buffer_done(&r->out);
	free(r);
	s->self = NULL;
	return code;
}

const struct renderer renderer_csv = {
	.name = "csv",
	.summary = "comma-separated values with a header line",
	.new = csv_new,
	.finish = csv_finish,
};
