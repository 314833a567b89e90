// SPDX-License-Identifier: MIT
/*
 * json: writes each row as a JSON object on a line of its own. An unknown value and its key are
 * left out: an unknown value is never shown as null or zero.
 */
#include "render/json-cell.h"
#include "rows/row-renderer.h"

static void json_put_cell(struct row_writer *r, struct json_writer *w, const struct column *column,
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
	struct row_writer *r = s->self;
	struct json_writer w = json_writer_to(&r->out.text);

	json_open(&w, '{');
	for (size_t i = 0; i < r->n_columns; i++)
		json_put_cell(r, &w, &r->columns[i], &cells[i]);
	json_close(&w, '}');
	text_char(&r->out.text, '\n');
	return out_buffer_row_done(&r->out, fault);
}

static const struct table_ops json_ops = {
	.begin = row_writer_begin,
	.row = json_row,
	.note = row_writer_note,
	.flush = row_writer_flush,
};

const struct row_renderer row_json = {
	.ops = &json_ops,
	.shows = COLUMN_JSON,
	.state_size = sizeof(struct row_writer),
	.timestamp = timestamp_for_data,
};
