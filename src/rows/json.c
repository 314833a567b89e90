// SPDX-License-Identifier: MIT
/*
 * json: one object per row and line. What is unknown is left out, never null and never zero.
 */
#include <errno.h>
#include <stdlib.h>

#include "render/json-cell.h"
#include "rows/list.h"
#include "render/out-buffer.h"

struct json_renderer {
	struct out_buffer out;
	struct timestamp timestamp;
	const struct column *columns;
	size_t n_columns;
};

static int json_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		      struct fault *fault)
{
	struct json_renderer *r = s->self;

	r->columns = columns;
	r->n_columns = n_columns;
	return 0;
}

static void put_cell(struct json_renderer *r, struct json_writer *w, const struct column *column,
		     const struct cell *cell)
{
	if (cell->kind == CELL_ABSENT || !(column->where & COLUMN_JSON))
		return;
	if (cell->kind != CELL_FIELDS) {
		json_cell(w, column->key, column, cell, &r->timestamp);
		return;
	}
	for (uint32_t i = 0; i < cell->n; i++) {
		if (cell->fields[i].key)
			json_cell(w, cell->fields[i].key, column, &cell->fields[i].cell,
				  &r->timestamp);
	}
}

static int json_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct json_renderer *r = s->self;
	struct json_writer w = json_writer_to(&r->out.text);

	json_open(&w, '{');
	for (size_t i = 0; i < r->n_columns; i++)
		put_cell(r, &w, &r->columns[i], &cells[i]);
	json_close(&w, '}');
	text_char(&r->out.text, '\n');
	return out_buffer_row_done(&r->out, fault);
}

static int json_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct json_renderer *r = s->self;

	return out_buffer_note(&r->out, line, fault);
}

static int json_flush(struct table_sink *s, struct fault *fault)
{
	struct json_renderer *r = s->self;

	return out_buffer_flush(&r->out, fault);
}

static const struct table_ops json_ops = {
	.begin = json_begin,
	.row = json_row,
	.note = json_note,
	.flush = json_flush,
};

static int json_new(const struct render_options *o, struct table_sink *ret, struct fault *fault)
{
	struct json_renderer *r CLEANUP(free_p) = calloc(1, sizeof(*r));
	int code;

	if (!r)
		return fault_errno(fault, -ENOMEM, "renderer");
	r->timestamp = timestamp_for_data(o);
	code = out_buffer_init(&r->out, o->fd, o->note_fd, fault);
	if (code < 0)
		return code;
	*ret = (struct table_sink){.ops = &json_ops, .self = TAKE(r), .shows = COLUMN_JSON};
	return 0;
}

static int json_finish(struct table_sink *s, struct fault *fault)
{
	struct json_renderer *r = s->self;
	int code = out_buffer_flush(&r->out, fault);

	out_buffer_done(&r->out);
	free(r);
	s->self = NULL;
	return code;
}

const struct renderer renderer_json = {
	.name = "json",
	.summary = "one JSON object per line",
	.new = json_new,
	.finish = json_finish,
};
