// SPDX-License-Identifier: MIT
/*
 * A document as Markdown, for tickets: CommonMark with GitHub's tables. Whatever comes from the
 * tape is escaped, so that it can be no markup and no line of its own.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"
#include "document/prose.h"
#include "document/renderer.h"
#include "document/sparkline.h"

#define SPARK_COLUMNS 60u

struct page {
	const struct document *document;
	const struct render_options *options;
	struct text *out;
};

/* What GitHub makes a link of without any markup: "http://...", "www....". */
static bool is_link(const struct text *t, size_t i)
{
	if (t->data[i] == ':')
		return i + 1 < t->len && t->data[i + 1] == '/';
	return t->data[i] == '.' && i >= 3 && !strncasecmp(&t->data[i - 3], "www", 3);
}

static void put_escaped(struct text *out, const char *s)
{
	struct text safe CLEANUP(text_done) = {0};

	text_safe(&safe, s, strlen(s));
	out->failed |= safe.failed;
	for (size_t i = 0; i < safe.len; i++) {
		if (strchr("\\`*_{}[]<>()#!|~&@", safe.data[i]) || is_link(&safe, i))
			text_char(out, '\\');
		text_char(out, safe.data[i]);
	}
}

/* Between backticks, more of them than there are within. */
static void put_code(struct text *out, const char *s)
{
	struct text safe CLEANUP(text_done) = {0};
	size_t run = 0, longest = 0;

	text_safe(&safe, s, strlen(s));
	out->failed |= safe.failed;
	for (size_t i = 0; i < safe.len; i++) {
		run = safe.data[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	text_fill(out, '`', longest + 1);
	text_str(out, longest ? " " : "");
	text_mem(out, safe.data, safe.len);
	text_str(out, longest ? " " : "");
	text_fill(out, '`', longest + 1);
}

static void put_item(const struct page *p, const struct document_item *item)
{
	struct text words CLEANUP(text_done) = {0};

	prose_item(&words, p->options, item);
	put_escaped(p->out, text_cstr(&words));
}

static void put_head(const struct page *p)
{
	const struct document *d = p->document;

	text_str(p->out, "# ");
	put_escaped(p->out, d->title);
	text_str(p->out, "\n\n**");
	put_escaped(p->out, d->verdict);
	text_str(p->out, "**\n\n");
	for (size_t i = 0; i < d->n_facts; i++) {
		if (!d->facts[i].label)
			continue;
		text_str(p->out, "- ");
		put_escaped(p->out, d->facts[i].label);
		text_str(p->out, ": ");
		put_item(p, &d->facts[i]);
		text_char(p->out, '\n');
	}
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
	text_str(p->out, "\n*");
	put_escaped(p->out, text_cstr(&words));
	text_str(p->out, "*\n\n");
}

static void put_finding(const struct page *p, const struct document_finding *f, size_t number)
{
	text_str(p->out, "\n### ");
	text_u64(p->out, number);
	text_str(p->out, ". ");
	text_str(p->out, document_level_name(f->level));
	text_str(p->out, ": ");
	put_escaped(p->out, f->title);
	text_str(p->out, "\n\n");
	for (size_t i = 0; i < f->n_evidence; i++) {
		if (!f->evidence[i].label)
			continue;
		text_str(p->out, "- ");
		put_escaped(p->out, f->evidence[i].label);
		text_str(p->out, ": ");
		put_item(p, &f->evidence[i]);
		text_char(p->out, '\n');
	}
	put_certainty(p, f);
	put_escaped(p->out, f->meaning);
	text_str(p->out, "\n");
	if (f->rule) {
		text_str(p->out, "\nRule: ");
		put_escaped(p->out, f->rule);
		text_str(p->out, ".\n");
	}
	if (f->command) {
		text_str(p->out, "\nMore: ");
		put_code(p->out, f->command);
		text_char(p->out, '\n');
	}
}

static void put_chart(const struct page *p)
{
	const struct document_chart *c = p->document->chart;
	size_t step = sparkline_step(c, SPARK_COLUMNS), n = sparkline_columns(c, step);
	struct text words CLEANUP(text_done) = {0};

	text_str(p->out, "\n## Timeline\n\n");
	prose_date(&words, p->options, c->start_ns);
	text_str(&words, " and on; a column is ");
	prose_width(&words, c->bucket_ns * step);
	put_escaped(p->out, text_cstr(&words));
	text_str(p->out, "\n\n```\n");
	for (size_t i = 0; i < c->n_series; i++) {
		const struct document_series *s = &c->series[i];
		uint64_t total = sparkline_total(c, s);

		if (!total)
			continue;
		text_str(p->out, s->label);
		text_fill(p->out, ' ', 22 - strlen(s->label));
		sparkline_put(p->out, c, s, step);
		text_fill(p->out, ' ', SPARK_COLUMNS - n + 1);
		text_str(p->out, s->is_gauge ? "max " : "");
		units_count(p->out, total);
		text_char(p->out, '\n');
	}
	text_str(p->out, "```\n");
}

/* Row SIZE_MAX is the header, SIZE_MAX - 1 the line below it. */
static void put_row(const struct page *p, const struct document_table *t, size_t row)
{
	text_char(p->out, '|');
	for (size_t i = 0; i < t->n_columns; i++) {
		const struct column *c = &t->columns[i];
		struct text words CLEANUP(text_done) = {0};

		if (!prose_has_column(c))
			continue;
		if (row == SIZE_MAX)
			text_str(&words, c->head);
		else if (row == SIZE_MAX - 1)
			text_str(&words, c->is_right ? "---:" : ":---");
		else
			prose_cell(&words, p->options, c, &t->cells[row * t->n_columns + i]);
		text_char(p->out, ' ');
		put_escaped(p->out, text_cstr(&words));
		text_str(p->out, " |");
	}
	text_char(p->out, '\n');
}

static void put_table(const struct page *p, const struct document_table *t)
{
	size_t rows = prose_rows(t);
	uint64_t more = t->n_left_out + t->n_rows - rows;

	if (!rows)
		return;
	text_str(p->out, "\n## ");
	put_escaped(p->out, t->title);
	text_str(p->out, t->is_ranked ? ", worst first\n\n" : "\n\n");
	put_row(p, t, SIZE_MAX);
	put_row(p, t, SIZE_MAX - 1);
	for (size_t i = 0; i < rows; i++)
		put_row(p, t, i);
	if (more) {
		text_str(p->out, "\nand ");
		units_count(p->out, more);
		text_str(p->out, " more.\n");
	}
}

static int markdown_render(const struct document *d, const struct render_options *o,
			   unsigned int columns, struct text *out, struct fault *fault)
{
	const struct page p = {d, o, out};

	put_head(&p);
	if (d->n_findings)
		text_str(out, "\n## Findings\n");
	for (size_t i = 0; i < d->n_findings; i++)
		put_finding(&p, &d->findings[i], i + 1);
	if (d->chart)
		put_chart(&p);
	for (size_t i = 0; i < d->n_tables; i++)
		put_table(&p, &d->tables[i]);
	if (d->n_notes)
		text_str(out, "\n## Notes\n\n");
	for (size_t i = 0; i < d->n_notes; i++) {
		text_str(out, "- ");
		put_escaped(out, d->notes[i]);
		text_char(out, '\n');
	}
	return out->failed ? fault_errno(fault, -ENOMEM, "report") : 0;
}

const struct document_renderer document_markdown = {
	.render = markdown_render,
};
