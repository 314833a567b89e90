// SPDX-License-Identifier: MIT
/*
 * A document for a terminal: the verdict, the findings worst first, the timeline as lines of
 * blocks, the top of the tables.
 */
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "document/prose.h"
#include "document/renderer.h"
#include "document/sparkline.h"
#include "document/wrap.h"

#define LABEL_WIDTH  17u
#define SERIES_WIDTH 21u
#define TOTAL_WIDTH  9u
#define BOLD	     "\033[1m"
#define PLAIN	     "\033[0m"

struct page {
	const struct document *document;
	const struct render_options *options;
	unsigned int width;
	struct text *out;
};

static const char *color_of(enum document_level level)
{
	static const char *const colors[DOCUMENT_LEVELS] = {
		[DOCUMENT_GOOD] = "\033[32m",
		[DOCUMENT_NOTICE] = "\033[36m",
		[DOCUMENT_WARNING] = "\033[33m",
		[DOCUMENT_CRITICAL] = "\033[1;31m",
	};

	return colors[level < DOCUMENT_LEVELS ? level : DOCUMENT_GOOD];
}

static void paint(const struct page *p, const char *color)
{
	if (p->options->use_color)
		text_str(p->out, color);
}

static void paragraph(const struct page *p, unsigned int indent, const char *s)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = indent};

	wrap_words(&w, s);
	wrap_end(&w);
}

static void heading(const struct page *p, const char *s)
{
	text_char(p->out, '\n');
	paint(p, BOLD);
	for (; *s; s++)
		text_char(p->out, *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s);
	paint(p, PLAIN);
	text_char(p->out, '\n');
}

/* "label            words", the words wrapped behind the label. */
static void labelled(const struct page *p, const char *label, const char *words)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = LABEL_WIDTH};

	text_str(p->out, label);
	w.at = (unsigned int)strlen(label);
	/* A long label stands alone. */
	if (w.at >= LABEL_WIDTH) {
		text_char(p->out, '\n');
		w.at = 0;
	}
	wrap_words(&w, words);
	wrap_end(&w);
}

static void put_head(const struct page *p)
{
	const struct document *d = p->document;
	struct text words CLEANUP(text_done) = {0};

	paint(p, BOLD);
	paragraph(p, 0, d->title);
	paint(p, PLAIN);
	paint(p, color_of(d->level));
	paragraph(p, 0, d->verdict);
	paint(p, PLAIN);
	text_char(p->out, '\n');
	for (size_t i = 0; i < d->n_facts; i++) {
		if (!d->facts[i].label)
			continue;
		text_clear(&words);
		prose_item(&words, p->options, &d->facts[i]);
		labelled(p, d->facts[i].label, text_cstr(&words));
	}
}

static void put_evidence(const struct page *p, const struct document_finding *f)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = 3};
	struct text words CLEANUP(text_done) = {0};

	for (size_t i = 0; i < f->n_evidence; i++) {
		if (!f->evidence[i].label)
			continue;
		if (words.len) {
			text_char(&words, ';');
			wrap_words(&w, text_cstr(&words));
		}
		text_clear(&words);
		text_str(&words, f->evidence[i].label);
		text_str(&words, ": ");
		prose_item(&words, p->options, &f->evidence[i]);
	}
	wrap_words(&w, text_cstr(&words));
	wrap_end(&w);
}

static void put_certainty(const struct page *p, const struct document_finding *f)
{
	struct text words CLEANUP(text_done) = {0};

	prose_when(&words, p->options, f);
	text_str(&words, words.len ? "; " : "");
	text_str(&words, f->sure);
	if (f->doubt) {
		text_str(&words, ", ");
		text_str(&words, f->doubt);
	}
	paragraph(p, 3, text_cstr(&words));
}

static void put_finding(const struct page *p, const struct document_finding *f, size_t number)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = 3};
	struct text words CLEANUP(text_done) = {0};
	const char *level = document_level_name(f->level);

	text_char(p->out, '\n');
	text_u64(&words, number);
	text_str(&words, ". ");
	text_str(p->out, text_cstr(&words));
	paint(p, color_of(f->level));
	for (const char *c = level; *c; c++)
		text_char(p->out, (char)(*c - 'a' + 'A'));
	w.at = (unsigned int)(words.len + strlen(level));
	paint(p, PLAIN);
	paint(p, BOLD);
	wrap_words(&w, f->title);
	paint(p, PLAIN);
	wrap_end(&w);
	put_evidence(p, f);
	put_certainty(p, f);
	paragraph(p, 3, f->meaning);
	if (p->options->with_rules && f->rule) {
		text_clear(&words);
		text_str(&words, "rule: ");
		text_str(&words, f->rule);
		paragraph(p, 3, text_cstr(&words));
	}
	if (f->command) {
		/* Never broken: it is to be copied. */
		text_str(p->out, "   $ ");
		text_safe(p->out, f->command, strlen(f->command));
		text_char(p->out, '\n');
	}
}

static void put_chart(const struct page *p)
{
	const struct document_chart *c = p->document->chart;
	size_t columns = p->width > SERIES_WIDTH + TOTAL_WIDTH + 10
				 ? p->width - SERIES_WIDTH - TOTAL_WIDTH - 2
				 : 10;
	struct text words CLEANUP(text_done) = {0};
	size_t step = sparkline_step(c, columns), n = sparkline_columns(c, step);

	heading(p, "timeline");
	prose_date(&words, p->options, c->start_ns);
	text_str(&words, " and on; a column is ");
	prose_width(&words, c->bucket_ns * step);
	paragraph(p, 0, text_cstr(&words));
	for (size_t i = 0; i < c->n_series; i++) {
		const struct document_series *s = &c->series[i];
		uint64_t total = sparkline_total(c, s);

		if (!total)
			continue;
		text_str(p->out, s->label);
		text_fill(p->out, ' ', SERIES_WIDTH - strlen(s->label));
		paint(p, s->is_trouble ? color_of(DOCUMENT_WARNING) : "");
		sparkline_put(p->out, c, s, step);
		paint(p, PLAIN);
		text_clear(&words);
		text_str(&words, s->is_gauge ? "max " : "");
		units_count(&words, total);
		text_fill(p->out, ' ',
			  columns - n + 1 +
				  (words.len < TOTAL_WIDTH ? TOTAL_WIDTH - words.len : 0));
		text_str(p->out, text_cstr(&words));
		text_char(p->out, '\n');
	}
}

static size_t width_of(const struct page *p, const struct document_table *t, size_t column)
{
	const struct column *c = &t->columns[column];
	size_t width = strlen(c->head) > c->width ? strlen(c->head) : c->width;
	struct text words CLEANUP(text_done) = {0};

	for (size_t i = 0; i < prose_rows(t); i++) {
		struct text safe CLEANUP(text_done) = {0};

		text_clear(&words);
		prose_cell(&words, p->options, c, &t->cells[i * t->n_columns + column]);
		text_safe(&safe, words.data, words.len);
		width = safe.len > width ? safe.len : width;
	}
	return width;
}

static void put_padded(const struct page *p, const char *s, size_t len, size_t width, bool is_right,
		       bool is_last)
{
	size_t pad = len < width ? width - len : 0;

	if (is_right)
		text_fill(p->out, ' ', pad);
	text_mem(p->out, s, len);
	if (!is_right && !is_last)
		text_fill(p->out, ' ', pad);
}

#define COLUMNS_MAX 64u

/* Row SIZE_MAX is the header. */
static void put_row(const struct page *p, const struct document_table *t, const size_t *widths,
		    size_t row, size_t last)
{
	for (size_t i = 0; i < t->n_columns && i < COLUMNS_MAX; i++) {
		const struct column *c = &t->columns[i];
		struct text words CLEANUP(text_done) = {0}, safe CLEANUP(text_done) = {0};

		if (!prose_has_column(c))
			continue;
		if (row == SIZE_MAX)
			text_str(&words, c->head);
		else
			prose_cell(&words, p->options, c, &t->cells[row * t->n_columns + i]);
		text_safe(&safe, words.data, words.len);
		put_padded(p, safe.data, safe.len, widths[i], c->is_right, i == last);
		if (i != last)
			text_char(p->out, ' ');
	}
	text_char(p->out, '\n');
}

static void put_table(const struct page *p, const struct document_table *t)
{
	size_t widths[COLUMNS_MAX] = {0}, last = 0, rows = prose_rows(t);
	uint64_t more = t->n_left_out + t->n_rows - rows;
	struct text words CLEANUP(text_done) = {0};

	if (!rows)
		return;
	text_str(&words, t->title);
	text_str(&words, t->is_ranked ? ", worst first" : "");
	if (more) {
		text_str(&words, " (");
		units_count(&words, more);
		text_str(&words, " more)");
	}
	heading(p, text_cstr(&words));
	for (size_t i = 0; i < t->n_columns && i < COLUMNS_MAX; i++) {
		if (!prose_has_column(&t->columns[i]))
			continue;
		last = i;
		widths[i] = width_of(p, t, i);
	}
	put_row(p, t, widths, SIZE_MAX, last);
	for (size_t i = 0; i < rows; i++)
		put_row(p, t, widths, i, last);
}

static int text_render(const struct document *d, const struct render_options *o,
		       unsigned int columns, struct text *out, struct fault *fault)
{
	const struct page p = {d, o, columns < 40 ? 40 : columns, out};

	put_head(&p);
	if (d->n_findings)
		heading(&p, "findings");
	for (size_t i = 0; i < d->n_findings; i++)
		put_finding(&p, &d->findings[i], i + 1);
	if (d->chart)
		put_chart(&p);
	for (size_t i = 0; i < d->n_tables; i++)
		put_table(&p, &d->tables[i]);
	if (d->n_notes)
		text_char(out, '\n');
	for (size_t i = 0; i < d->n_notes; i++)
		paragraph(&p, 0, d->notes[i]);
	return out->failed ? fault_errno(fault, -ENOMEM, "report") : 0;
}

const struct document_renderer document_text = {
	.render = text_render,
};
