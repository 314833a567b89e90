// SPDX-License-Identifier: MIT
/*
 * text: writes rows as columns for people. A column is as wide as its head or its minimum width. A
 * longer cell makes it wider for the rest of the table, so no cell is cut off. Notes are the last
 * lines.
 */
#include <errno.h>
#include <stdlib.h>

#include "render/cell-text.h"
#include "render/fastfmt.h"
#include "rows/row-renderer.h"

#define BOLD   "\033[1m"
#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"
#define HOME   "\033[H\033[2J" /* moves the cursor home and clears the screen */

struct text_renderer {
	struct row_writer base; /* first: the sink's self points at it */
	bool use_color;
	bool had_table; /* since the last page began, a table was written */
	size_t *widths; /* of the columns of the table that is open, in bytes */
	size_t last;	/* index of the last column that is shown, which is not padded */
	render_size_fn size;
	/* The terminal's size while it shows a page as a screen. 0: lines are not cut. */
	unsigned int screen_rows, screen_columns;
	unsigned int n_lines; /* written on the screen so far */
};

/* Returns the place in t where the line that begins at `at` gets wider than `columns` characters,
 * or its end if it does not. Escape sequences of colours have no width. */
static size_t line_cut(const struct text *t, size_t at, unsigned int columns)
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

/* Ends the line that began at `start`. On a screen the part that is too wide is cut off, and a line
 * below the last row is dropped. */
static void line_end(struct text_renderer *self, size_t start)
{
	struct text *t = &self->base.out.text;

	if (self->screen_rows && !t->failed) {
		/* The last line of the screen stays free: a newline there would scroll. */
		if (self->n_lines + 1 >= self->screen_rows) {
			t->len = start;
			return;
		}
		t->len = line_cut(t, start, self->screen_columns);
		if (self->use_color)
			text_str(t, PLAIN);
		self->n_lines++;
	}
	text_char(t, '\n');
}

static bool column_is_in_row(const struct column *c)
{
	return (c->where & COLUMN_TEXT) && c->head;
}

static void header_put(struct text_renderer *self)
{
	struct text *t = &self->base.out.text;
	bool is_blank = true, is_first = true;
	size_t start;

	for (size_t i = 0; i < self->base.n_columns; i++)
		is_blank &=
			!column_is_in_row(&self->base.columns[i]) || !self->base.columns[i].head[0];
	if (is_blank)
		return;
	start = t->len;
	if (self->use_color)
		text_str(t, BOLD);
	for (size_t i = 0; i < self->base.n_columns; i++) {
		const struct column *c = &self->base.columns[i];
		size_t pad;

		if (!column_is_in_row(c))
			continue;
		if (!is_first)
			text_char(t, ' ');
		is_first = false;
		pad = self->widths[i] - strlen(c->head);
		if (c->is_right)
			text_fill(t, ' ', pad);
		text_str(t, c->head);
		if (!c->is_right && i != self->last)
			text_fill(t, ' ', pad);
	}
	if (self->use_color)
		text_str(t, PLAIN);
	line_end(self, start);
}

static int text_begin(struct table_sink *s, const struct column *columns, size_t n_columns,
		      struct fault *fault)
{
	struct text_renderer *self = s->self;
	size_t *widths = calloc(n_columns + 1, sizeof(*widths));

	if (!widths)
		return fault_errno(fault, -ENOMEM, "table");
	free(self->widths);
	self->widths = widths;
	self->base.columns = columns;
	self->base.n_columns = n_columns;
	self->last = n_columns;
	for (size_t i = 0; i < n_columns; i++) {
		if (!column_is_in_row(&columns[i]))
			continue;
		widths[i] = strlen(columns[i].head);
		if (widths[i] < columns[i].width)
			widths[i] = columns[i].width;
		self->last = i;
	}
	if (self->had_table)
		line_end(self, self->base.out.text.len);
	self->had_table = true;
	header_put(self);
	return out_buffer_row_done(&self->base.out, fault);
}

/* Moves the cell that was written since `start` to the right by n blanks. */
static void cell_shift_right(struct text *t, size_t start, size_t n)
{
	char *end = text_room(t, n);

	if (!end)
		return;
	memmove(t->data + start + n, t->data + start, t->len - start);
	memset(t->data + start, ' ', n);
	t->len += n;
}

static void blanks_put(struct text *t, size_t n)
{
	char *at = text_room(t, n);

	if (!at)
		return;
	memset(at, ' ', n);
	t->len += n;
}

static void cell_put(struct text_renderer *self, size_t i, const struct cell *cell)
{
	struct text *t = &self->base.out.text;
	size_t start = t->len, len;

	if (cell->kind == CELL_ABSENT)
		text_char(t, '-');
	else
		cell_text(t, &self->base.columns[i], cell, &self->base.timestamp, true);
	len = t->len - start;
	if (len >= self->widths[i])
		self->widths[i] = len;
	else if (self->base.columns[i].is_right)
		cell_shift_right(t, start, self->widths[i] - len);
	else if (i != self->last)
		blanks_put(t, self->widths[i] - len);
}

static void list_put(struct text *t, const struct cell *cell)
{
	for (uint32_t i = 0; i < cell->n; i++) {
		const char *entry = cell->list[i] ? cell->list[i] : "?";

		text_str(t, "    ");
		text_safe(t, entry, strlen(entry));
		text_char(t, '\n');
	}
}

static int text_row(struct table_sink *s, const struct cell *cells, struct fault *fault)
{
	struct text_renderer *self = s->self;
	struct text *t = &self->base.out.text;
	size_t start = t->len;
	bool is_first = true, has_list = false;

	for (size_t i = 0; i < self->base.n_columns; i++) {
		if (!(self->base.columns[i].where & COLUMN_TEXT))
			continue;
		if (cells[i].kind == CELL_LIST) {
			has_list = true;
			continue;
		}
		if (!self->base.columns[i].head)
			continue;
		if (!is_first)
			text_char(t, ' ');
		is_first = false;
		cell_put(self, i, &cells[i]);
	}
	while (t->len > start && t->data[t->len - 1] == ' ')
		t->len--;
	line_end(self, start);
	for (size_t i = 0; has_list && i < self->base.n_columns; i++) {
		if ((self->base.columns[i].where & COLUMN_TEXT) && cells[i].kind == CELL_LIST)
			list_put(t, &cells[i]);
	}
	return out_buffer_row_done(&self->base.out, fault);
}

static int text_note(struct table_sink *s, const char *line, struct fault *fault)
{
	struct text_renderer *self = s->self;
	struct text *t = &self->base.out.text;

	/* Notes come last, are never cut, and stand below the screen. */
	self->screen_rows = 0;
	if (self->use_color)
		text_str(t, YELLOW);
	text_safe(t, line, strlen(line));
	if (self->use_color)
		text_str(t, PLAIN);
	text_char(t, '\n');
	return out_buffer_row_done(&self->base.out, fault);
}

static int text_page(struct table_sink *s, uint64_t ts_ns, const char *title, bool is_screen,
		     struct fault *fault)
{
	static const struct column column = {.head = "", .where = COLUMN_TEXT};
	struct text_renderer *self = s->self;
	struct text *t = &self->base.out.text;
	const struct cell time = cell_time(ts_ns);
	size_t start;

	if (is_screen && self->size &&
	    self->size(self->base.out.fd, &self->screen_rows, &self->screen_columns)) {
		text_str(t, HOME);
		self->n_lines = 0;
	} else if (self->had_table) {
		text_char(t, '\n');
	}
	self->had_table = false;
	start = t->len;
	cell_text(t, &column, &time, &self->base.timestamp, true);
	text_printf(t, "  %s", title);
	line_end(self, start);
	return out_buffer_row_done(&self->base.out, fault);
}

static const struct table_ops text_ops = {
	.begin = text_begin,
	.row = text_row,
	.note = text_note,
	.page = text_page,
	.flush = row_writer_flush,
};

static void text_init(struct row_writer *w, const struct render_options *o)
{
	struct text_renderer *self = (struct text_renderer *)w;

	self->use_color = o->use_color;
	self->size = o->size;
}

static void text_release(struct row_writer *w)
{
	free(((struct text_renderer *)w)->widths);
}

const struct row_renderer row_text = {
	.ops = &text_ops,
	.shows = COLUMN_TEXT,
	.state_size = sizeof(struct text_renderer),
	.timestamp = timestamp_for_text,
	.init = text_init,
	.done = text_release,
};
