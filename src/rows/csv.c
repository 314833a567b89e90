// SPDX-License-Identifier: MIT
/*
 * csv: writes rows as CSV (RFC 4180), with a header line of the keys that JSON has. An unknown
 * value is an empty field. Lines end in LF, not in RFC 4180's CR LF: every reader accepts it, and
 * it is usual on Linux. Characters that cannot be seen are written as \xNN, line ends among them,
 * so that a row is a line.
 */
#include "render/cell-text.h"
#include "render/utf8.h"
#include "rows/row-renderer.h"

/* Would a spreadsheet take this for a formula, and run it? The last four are the first four as East
 * Asian keyboards write them (U+FF1D, FF0B, FF0D, FF20), which some spreadsheets read alike. */
static bool csv_is_formula(const char *s, size_t n)
{
	static const char *const starts[] = {
		"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
	};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		if (n >= strlen(starts[i]) && !memcmp(s, starts[i], strlen(starts[i])))
			return true;
	}
	return false;
}

static bool csv_is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == ',')
			return false;
	}
	return !csv_is_formula(s, n);
}

/* Appends the character at s, and returns its length: what nobody can see, and what is no UTF-8,
 * as \xNN. */
static size_t csv_char(struct text *t, const char *s, size_t n)
{
	size_t len = utf8_len((const unsigned char *)s, n), shown = len ? len : 1;

	if (*s == '"')
		text_str(t, "\"\"");
	else if (!len || (unsigned char)*s < 0x20 || *s == 0x7f ||
		 utf8_is_invisible((const unsigned char *)s, len))
		text_safe(t, s, shown);
	else
		text_mem(t, s, len);
	return shown;
}

/* Makes the field harmless that was written since `start`. It gets quotes if it needs them, and an
 * apostrophe in front of what would be a formula. */
static void csv_clean(struct text *t, size_t start)
{
	struct text plain CLEANUP(text_done) = {0};
	bool needs_quotes;

	if (t->failed || csv_is_plain(t->data + start, t->len - start))
		return;
	text_mem(&plain, t->data + start, t->len - start);
	t->failed |= plain.failed;
	if (t->failed)
		return;
	t->len = start;
	needs_quotes = memchr(plain.data, '"', plain.len) || memchr(plain.data, ',', plain.len);
	if (needs_quotes)
		text_char(t, '"');
	if (csv_is_formula(plain.data, plain.len))
		text_char(t, '\'');
	for (size_t i = 0; i < plain.len;)
		i += csv_char(t, plain.data + i, plain.len - i);
	if (needs_quotes)
		text_char(t, '"');
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

static bool csv_may_hold_words(const struct cell *cell)
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
		if (csv_may_hold_words(&cells[i]))
			csv_clean(t, start);
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
