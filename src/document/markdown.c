// SPDX-License-Identifier: MIT
/*
 * markdown: writes a document as Markdown, for tickets: CommonMark with GitHub's tables. Every
 * string is escaped, so that a string which a stranger put on the tape can neither be markup nor
 * begin a line.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"
#include "document/markdown-page.h"
#include "document/prose.h"
#include "document/sparkline.h"

#define SPARK_COLUMNS 60u

/* Passed as the number of a row, these mean the header line, and the line between it and the
 * rows. */
#define ROW_HEADER SIZE_MAX
#define ROW_RULE   (SIZE_MAX - 1)

/* True if t[i] is the character from which GitHub recognises a link without markup: the colon of
 * "http://...", the first dot of "www....". */
static bool is_link(const struct text *t, size_t i)
{
	if (t->data[i] == ':')
		return i + 1 < t->len && t->data[i + 1] == '/';
	return t->data[i] == '.' && i >= 3 && !strncasecmp(&t->data[i - 3], "www", 3);
}

void markdown_escaped(struct text *out, const char *s)
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

/* Appends s as code, between one more backtick than s has in a row. */
static void code_put(struct text *out, const char *s)
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

static void item_put(const struct markdown_page *p, const struct document_item *item)
{
	struct text plain CLEANUP(text_done) = {0};

	prose_item(&plain, p->options, item);
	markdown_escaped(p->out, text_cstr(&plain));
}

static void head_put(const struct markdown_page *p)
{
	const struct document *d = p->document;

	text_str(p->out, "# ");
	markdown_escaped(p->out, d->title);
	text_str(p->out, "\n\n**");
	markdown_escaped(p->out, d->verdict);
	text_str(p->out, "**\n\n");
	for (size_t i = 0; i < d->n_facts; i++) {
		if (!d->facts[i].label)
			continue;
		text_str(p->out, "- ");
		markdown_escaped(p->out, d->facts[i].label);
		text_str(p->out, ": ");
		item_put(p, &d->facts[i]);
		text_char(p->out, '\n');
	}
}

static void certainty_put(const struct markdown_page *p, const struct document_finding *f)
{
	struct text plain CLEANUP(text_done) = {0};

	prose_when(&plain, p->options, f);
	text_str(&plain, plain.len ? "; " : "");
	text_str(&plain, f->sure);
	if (f->doubt) {
		text_str(&plain, ", ");
		text_str(&plain, f->doubt);
	}
	text_str(p->out, "\n*");
	markdown_escaped(p->out, text_cstr(&plain));
	text_str(p->out, "*\n\n");
}

static void finding_put(const struct markdown_page *p, const struct document_finding *f,
			size_t number)
{
	text_str(p->out, "\n### ");
	text_u64(p->out, number);
	text_str(p->out, ". ");
	text_str(p->out, document_level_name(f->level));
	text_str(p->out, ": ");
	markdown_escaped(p->out, f->title);
	text_str(p->out, "\n\n");
	for (size_t i = 0; i < f->n_evidence; i++) {
		if (!f->evidence[i].label)
			continue;
		text_str(p->out, "- ");
		markdown_escaped(p->out, f->evidence[i].label);
		text_str(p->out, ": ");
		item_put(p, &f->evidence[i]);
		text_char(p->out, '\n');
	}
	certainty_put(p, f);
	markdown_escaped(p->out, f->meaning);
	text_str(p->out, "\n");
	if (f->rule) {
		text_str(p->out, "\nRule: ");
		markdown_escaped(p->out, f->rule);
		text_str(p->out, ".\n");
	}
	if (f->command) {
		text_str(p->out, "\nMore: ");
		code_put(p->out, f->command);
		text_char(p->out, '\n');
	}
}

static void chart_put(const struct markdown_page *p)
{
	const struct document_chart *c = p->document->chart;
	size_t step = sparkline_step(c, SPARK_COLUMNS), n = sparkline_columns(c, step);
	struct text plain CLEANUP(text_done) = {0};

	text_str(p->out, "\n## Timeline\n\n");
	prose_date(&plain, p->options, c->start_ns);
	text_str(&plain, " and on; a column is ");
	prose_width(&plain, c->bucket_ns * step);
	markdown_escaped(p->out, text_cstr(&plain));
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

/* Writes row number `row`, the header line, or the line below it. */
static void row_put(const struct markdown_page *p, const struct document_table *t, size_t row)
{
	text_char(p->out, '|');
	for (size_t i = 0; i < t->n_columns; i++) {
		const struct column *c = &t->columns[i];
		struct text plain CLEANUP(text_done) = {0};

		if (!prose_has_column(c))
			continue;
		if (row == ROW_HEADER)
			text_str(&plain, c->head);
		else if (row == ROW_RULE)
			text_str(&plain, c->is_right ? "---:" : ":---");
		else
			prose_cell(&plain, p->options, c, &t->cells[row * t->n_columns + i]);
		text_char(p->out, ' ');
		markdown_escaped(p->out, text_cstr(&plain));
		text_str(p->out, " |");
	}
	text_char(p->out, '\n');
}

static void table_put(const struct markdown_page *p, const struct document_table *t)
{
	size_t rows = prose_rows(t);
	uint64_t more = t->n_left_out + t->n_rows - rows;

	for (size_t i = 0; t->tells && i < t->n_rows; i++)
		markdown_story(p, &t->histories[i]);
	if (!rows || t->tells)
		return;
	text_str(p->out, "\n## ");
	markdown_escaped(p->out, t->title);
	text_str(p->out, t->is_ranked ? ", worst first\n\n" : "\n\n");
	row_put(p, t, ROW_HEADER);
	row_put(p, t, ROW_RULE);
	for (size_t i = 0; i < rows; i++)
		row_put(p, t, i);
	if (more) {
		text_str(p->out, "\nand ");
		units_count(p->out, more);
		text_str(p->out, " more.\n");
	}
}

static int markdown_render(const struct document *d, const struct render_options *o,
			   unsigned int columns, struct text *out, struct fault *fault)
{
	const struct markdown_page p = {d, o, out};

	head_put(&p);
	if (d->n_findings)
		text_str(out, "\n## Findings\n");
	for (size_t i = 0; i < d->n_findings; i++)
		finding_put(&p, &d->findings[i], i + 1);
	if (d->chart)
		chart_put(&p);
	for (size_t i = 0; i < d->n_tables; i++)
		table_put(&p, &d->tables[i]);
	if (d->n_notes)
		text_str(out, "\n## Notes\n\n");
	for (size_t i = 0; i < d->n_notes; i++) {
		text_str(out, "- ");
		markdown_escaped(out, d->notes[i]);
		text_char(out, '\n');
	}
	return out->failed ? fault_errno(fault, -ENOMEM, "report") : 0;
}

const struct document_renderer document_markdown = {
	.render = markdown_render,
};
