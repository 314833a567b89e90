// SPDX-License-Identifier: MIT
/*
 * text: columns for people. A column is as wide as its head or its least width, and grows, for
 * good, when something longer comes by: nothing is ever cut off. Notes are the last lines.
 */
#include <errno.h>
#include <stdlib.h>

#include "render/cell-text.h"
#include "render/out-buffer.h"
#include "render/fastfmt.h"
#include "rows/list.h"

#define BOLD   "\033[1m"
#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"
#define HOME   "\033[H\033[2J" /* and clear */

struct text_renderer {
	struct out_buffer out;
	struct timestamp timestamp;
	bool use_color;
	const struct column *columns;
	size_t n_columns;
	size_t *widths; /* of this table's columns */
	size_t last;	/* the last column that stands in the row: not padded */
	bool had_table;
	render_size_fn size;
	/* Of the terminal, while a screen is shown; 0: lines are as long and many as they are. */
	unsigned int rows, columns_wide;
	unsigned int lines; /* on it so far */
};

/* Where the line that begins at `at` is wider than the terminal. Colours take no room. */
static size_t cut_at(const struct text *t, size_t at, unsigned int columns)
{
	unsigned int width = 0;

	while (at < t->len) {
		if (t->data[at] == '\033') {
			while (at < t->len && t->data[at] != 'm')
				at++;
			at++;
			continue;
		}
		/* Only the first byte of a UTF-8 character has a width. */
		if (((unsigned char)t->data[at] & 0xc0) != 0x80 && width++ == columns)
			return at;
		at++;
	}
	return at < t->len ? at : t->len;
}

/* Ends the line that began at `start`; on a screen what does not fit is left out. */
static void end_line(struct text_renderer *r, size_t start)
{
	struct text *t = &r->out.text;

	if (r->rows && !t->failed) {
		/* The last line of the screen stays free: a newline there would scroll. */
		if (r->lines + 1 >= r->rows) {
			t->len = start;
			return;
		}
		t->len = cut_at(t, start, r->columns_wide);
		if (r->use_color)
			text_str(t, PLAIN);
		r->lines++;
	}
	fastfmt_char(t, '\n');
}

static bool is_in_row(const struct column *c)
{
	return (c->where & COLUMN_TEXT) && c->head;
}

static void put_header(struct text_renderer *r)
{
	struct text *t = &r->out.text;
	bool is_blank = true, is_first = true;
	size_t start;

	for (size_t i = 0; i < r->n_columns; i++)
		is_blank &= !is_in_row(&r->columns[i]) || !r->columns[i].head[0];
	if (is_blank)
		return;
	start = t->len;
	if (r->use_color)
		text_str(t, BOLD);
	for (size_t i = 0; i < r->n_columns; i++) {
		const struct column *c = &r->columns[i];
		size_t pad;

		if (!is_in_row(c))
			continue;
		if (!is_first)
			text_char(t, ' ');
		is_first = false;
		pad = r->widths[i] - strlen(c->head);
		if (c->is_right)
			text_fill(t, ' ', pad);
		text_str(t, c->head);
		if (!c->is_right && i != r->last)
			text_fill(t, ' ', pad);
	}
	if (r->use_color)
		text_str(t, PLAIN);
	end_line(r, start);
}

static int text_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		      struct fault *fault)
{
	struct text_renderer *r = s->self;
	size_t *widths = calloc(n_columns + 1, sizeof(*widths));

	if (!widths)
		return fault_errno(fault, -ENOMEM, "table");
	free(r->widths);
	r->widths = widths;
	r->columns = columns;
	r->n_columns = n_columns;
	r->last = n_columns;
	for (size_t i = 0; i < n_columns; i++) {
		if (!is_in_row(&columns[i]))
			continue;
		widths[i] = strlen(columns[i].head);
		if (widths[i] < columns[i].width)
			widths[i] = columns[i].width;
		r->last = i;
	}
	if (r->had_table)
		end_line(r, r->out.text.len);
	r->had_table = true;
	put_header(r);
	return out_buffer_row_done(&r->out, fault);
}

/* Moves what was written since `start` to the right by n blanks. */
static void shift_right(struct text *t, size_t start, size_t n)
{
	char *end = text_room(t, n);

	if (!end)
		return;
	memmove(t->data + start + n, t->data + start, t->len - start);
	memset(t->data + start, ' ', n);
	t->len += n;
}

static void put_blanks(struct text *t, size_t n)
{
	char *at = fastfmt_room(t, n);

	if (!at)
		return;
	memset(at, ' ', n);
	t->len += n;
}

static void put_cell(struct text_renderer *r, size_t i, const struct cell *cell)
{
	struct text *t = &r->out.text;
	size_t start = t->len, len;

	if (cell->kind == CELL_ABSENT)
		fastfmt_char(t, '-');
	else
		cell_text(t, &r->columns[i], cell, &r->timestamp, true);
	len = t->len - start;
	if (len >= r->widths[i])
		r->widths[i] = len;
	else if (r->columns[i].is_right)
		shift_right(t, start, r->widths[i] - len);
	else if (i != r->last)
		put_blanks(t, r->widths[i] - len);
}

static void put_list(struct text *t, const struct cell *cell)
{
	for (uint32_t i = 0; i < cell->n; i++) {
		const char *entry = cell->list[i] ? cell->list[i] : "?";

		text_str(t, "    ");
		text_safe(t, entry, strlen(entry));
		fastfmt_char(t, '\n');
	}
}

static int text_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct text_renderer *r = s->self;
	struct text *t = &r->out.text;
	size_t start = t->len;
	bool is_first = true, has_list = false;

	for (size_t i = 0; i < r->n_columns; i++) {
		if (!(r->columns[i].where & COLUMN_TEXT))
			continue;
		if (cells[i].kind == CELL_LIST) {
			has_list = true;
			continue;
		}
		if (!r->columns[i].head)
			continue;
		if (!is_first)
			fastfmt_char(t, ' ');
		is_first = false;
		put_cell(r, i, &cells[i]);
	}
	while (t->len > start && t->data[t->len - 1] == ' ')
		t->len--;
	end_line(r, start);
	for (size_t i = 0; has_list && i < r->n_columns; i++) {
		if ((r->columns[i].where & COLUMN_TEXT) && cells[i].kind == CELL_LIST)
			put_list(t, &cells[i]);
	}
	return out_buffer_row_done(&r->out, fault);
}

static int text_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct text_renderer *r = s->self;
	struct text *t = &r->out.text;

	/* What is said at the end is said in full, below the screen. */
	r->rows = 0;
	if (r->use_color)
		text_str(t, YELLOW);
	text_safe(t, line, strlen(line));
	if (r->use_color)
		text_str(t, PLAIN);
	text_char(t, '\n');
	return out_buffer_row_done(&r->out, fault);
}

static int text_page(struct table_sink *s, uint64_t ts_ns, const char *title, bool is_screen,
		     struct fault *fault)
{
	static const struct column column = {.head = "", .where = COLUMN_TEXT};
	struct text_renderer *r = s->self;
	struct text *t = &r->out.text;
	const struct cell time = cell_time(ts_ns);
	size_t start;

	if (is_screen && r->size && r->size(r->out.fd, &r->rows, &r->columns_wide)) {
		text_str(t, HOME);
		r->lines = 0;
	} else if (r->had_table) {
		text_char(t, '\n');
	}
	r->had_table = false;
	start = t->len;
	cell_text(t, &column, &time, &r->timestamp, true);
	text_printf(t, "  %s", title);
	end_line(r, start);
	return out_buffer_row_done(&r->out, fault);
}

static int text_flush(struct table_sink *s, struct fault *fault)
{
	struct text_renderer *r = s->self;

	return out_buffer_flush(&r->out, fault);
}

static const struct table_ops text_ops = {
	.begin = text_begin,
	.row = text_row,
	.note = text_note,
	.page = text_page,
	.flush = text_flush,
};

static int text_new(const struct render_options *o, struct table_sink *ret, struct fault *fault)
{
	struct text_renderer *r CLEANUP(free_p) = calloc(1, sizeof(*r));
	int code;

	if (!r)
		return fault_errno(fault, -ENOMEM, "renderer");
	r->timestamp = timestamp_for_text(o);
	r->use_color = o->use_color;
	r->size = o->size;
	code = out_buffer_init(&r->out, o->fd, o->note_fd, fault);
	if (code < 0)
		return code;
	*ret = (struct table_sink){.ops = &text_ops, .self = TAKE(r), .shows = COLUMN_TEXT};
	return 0;
}

static int text_finish(struct table_sink *s, struct fault *fault)
{
	struct text_renderer *r = s->self;
	int code = out_buffer_flush(&r->out, fault);

	out_buffer_done(&r->out);
	free(r->widths);
	free(r);
	s->self = NULL;
	return code;
}

const struct renderer renderer_text = {
	.name = "text",
	.summary = "columns for people",
	.new = text_new,
	.finish = text_finish,
};
