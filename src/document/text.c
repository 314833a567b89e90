// SPDX-License-Identifier: MIT
/*
 * text: writes a document for a terminal: the verdict, the findings with the worst one first, the
 * timeline as lines of block characters, and the first rows of the tables.
 */
#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "document/prose.h"
#include "document/sparkline.h"
#include "document/text-page.h"
#include "document/wrap.h"

#define LABEL_WIDTH  17u
#define SERIES_WIDTH 21u
#define TOTAL_WIDTH  9u
#define BOLD	     "\033[1m"
#define PLAIN	     "\033[0m"

static const char *level_color(enum document_level level)
{
	static const char *const colors[DOCUMENT_LEVELS] = {
		[DOCUMENT_GOOD] = "\033[32m",
		[DOCUMENT_NOTICE] = "\033[36m",
		[DOCUMENT_WARNING] = "\033[33m",
		[DOCUMENT_CRITICAL] = "\033[1;31m",
	};

	return colors[level < DOCUMENT_LEVELS ? level : DOCUMENT_GOOD];
}

static void color_put(const struct text_page *p, const char *color)
{
	if (p->options->use_color)
		text_str(p->out, color);
}

static void paragraph_put(const struct text_page *p, unsigned int indent, const char *s)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = indent};

	wrap_words(&w, s);
	wrap_end(&w);
}

void text_page_heading(const struct text_page *p, const char *s)
{
	text_char(p->out, '\n');
	color_put(p, BOLD);
	for (; *s; s++)
		text_char(p->out, *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s);
	color_put(p, PLAIN);
	text_char(p->out, '\n');
}

void text_page_trouble(const struct text_page *p, bool is_trouble, const char *s)
{
	color_put(p, is_trouble ? level_color(DOCUMENT_WARNING) : "");
	text_safe(p->out, s, strlen(s));
	color_put(p, is_trouble ? PLAIN : "");
}

/* Writes "label            value"; a long value goes on in the same column of the next lines. */
static void labelled_put(const struct text_page *p, const char *label, const char *value)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = LABEL_WIDTH};

	text_str(p->out, label);
	w.at = (unsigned int)strlen(label);
	/* A label that leaves no room for the value has a line of its own. */
	if (w.at >= LABEL_WIDTH) {
		text_char(p->out, '\n');
		w.at = 0;
	}
	wrap_words(&w, value);
	wrap_end(&w);
}

static void head_put(const struct text_page *p)
{
	const struct document *d = p->document;
	struct text plain CLEANUP(text_done) = {0};

	color_put(p, BOLD);
	paragraph_put(p, 0, d->title);
	color_put(p, PLAIN);
	color_put(p, level_color(d->level));
	paragraph_put(p, 0, d->verdict);
	color_put(p, PLAIN);
	text_char(p->out, '\n');
	for (size_t i = 0; i < d->n_facts; i++) {
		if (!d->facts[i].label)
			continue;
		text_clear(&plain);
		prose_item(&plain, p->options, &d->facts[i]);
		labelled_put(p, d->facts[i].label, text_cstr(&plain));
	}
}

static void evidence_put(const struct text_page *p, const struct document_finding *f)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = 3};
	struct text plain CLEANUP(text_done) = {0};

	for (size_t i = 0; i < f->n_evidence; i++) {
		if (!f->evidence[i].label)
			continue;
		if (plain.len) {
			text_char(&plain, ';');
			wrap_words(&w, text_cstr(&plain));
		}
		text_clear(&plain);
		text_str(&plain, f->evidence[i].label);
		text_str(&plain, ": ");
		prose_item(&plain, p->options, &f->evidence[i]);
	}
	wrap_words(&w, text_cstr(&plain));
	wrap_end(&w);
}

static void certainty_put(const struct text_page *p, const struct document_finding *f)
{
	struct text plain CLEANUP(text_done) = {0};

	prose_when(&plain, p->options, f);
	text_str(&plain, plain.len ? "; " : "");
	text_str(&plain, f->sure);
	if (f->doubt) {
		text_str(&plain, ", ");
		text_str(&plain, f->doubt);
	}
	paragraph_put(p, 3, text_cstr(&plain));
}

static void finding_put(const struct text_page *p, const struct document_finding *f, size_t number)
{
	struct wrap w = {.text = p->out, .width = p->width, .indent = 3};
	struct text plain CLEANUP(text_done) = {0};
	const char *level = document_level_name(f->level);

	text_char(p->out, '\n');
	text_u64(&plain, number);
	text_str(&plain, ". ");
	text_str(p->out, text_cstr(&plain));
	color_put(p, level_color(f->level));
	for (const char *c = level; *c; c++)
		text_char(p->out, (char)(*c - 'a' + 'A'));
	w.at = (unsigned int)(plain.len + strlen(level));
	color_put(p, PLAIN);
	color_put(p, BOLD);
	wrap_words(&w, f->title);
	color_put(p, PLAIN);
	wrap_end(&w);
	evidence_put(p, f);
	certainty_put(p, f);
	paragraph_put(p, 3, f->meaning);
	if (p->options->with_rules && f->rule) {
		text_clear(&plain);
		text_str(&plain, "rule: ");
		text_str(&plain, f->rule);
		paragraph_put(p, 3, text_cstr(&plain));
	}
	if (f->command) {
		/* The command is never broken into lines: people copy it. */
		text_str(p->out, "   $ ");
		text_safe(p->out, f->command, strlen(f->command));
		text_char(p->out, '\n');
	}
}

static void chart_put(const struct text_page *p)
{
	const struct document_chart *c = p->document->chart;
	size_t columns = p->width > SERIES_WIDTH + TOTAL_WIDTH + 10
				 ? p->width - SERIES_WIDTH - TOTAL_WIDTH - 2
				 : 10;
	struct text plain CLEANUP(text_done) = {0};
	size_t step = sparkline_step(c, columns), n = sparkline_columns(c, step);

	text_page_heading(p, "timeline");
	prose_date(&plain, p->options, c->start_ns);
	text_str(&plain, " and on; a column is ");
	prose_width(&plain, c->bucket_ns * step);
	paragraph_put(p, 0, text_cstr(&plain));
	for (size_t i = 0; i < c->n_series; i++) {
		const struct document_series *s = &c->series[i];
		uint64_t total = sparkline_total(c, s);

		if (!total)
			continue;
		text_str(p->out, s->label);
		/* A label that is too long still has a blank behind it. */
		text_fill(p->out, ' ',
			  strlen(s->label) < SERIES_WIDTH ? SERIES_WIDTH - strlen(s->label) : 1);
		color_put(p, s->is_trouble ? level_color(DOCUMENT_WARNING) : "");
		sparkline_put(p->out, c, s, step);
		color_put(p, PLAIN);
		text_clear(&plain);
		text_str(&plain, s->is_gauge ? "max " : "");
		units_count(&plain, total);
		text_fill(p->out, ' ',
			  (columns > n ? columns - n : 0) + 1 +
				  (plain.len < TOTAL_WIDTH ? TOTAL_WIDTH - plain.len : 0));
		text_str(p->out, text_cstr(&plain));
		text_char(p->out, '\n');
	}
}

static void table_put(const struct text_page *p, const struct document_table *t)
{
	for (size_t i = 0; t->tells && i < t->n_rows; i++)
		text_page_story(p, &t->histories[i]);
	if (!t->tells)
		text_page_table(p, t);
}

static int text_render(const struct document *d, const struct render_options *o,
		       unsigned int columns, struct text *out, struct fault *fault)
{
	const struct text_page p = {d, o, columns < 40 ? 40 : columns, out};

	head_put(&p);
	if (d->n_findings)
		text_page_heading(&p, "findings");
	for (size_t i = 0; i < d->n_findings; i++)
		finding_put(&p, &d->findings[i], i + 1);
	if (d->chart)
		chart_put(&p);
	for (size_t i = 0; i < d->n_tables; i++)
		table_put(&p, &d->tables[i]);
	if (d->n_notes)
		text_char(out, '\n');
	for (size_t i = 0; i < d->n_notes; i++)
		paragraph_put(&p, 0, d->notes[i]);
	return out->failed ? fault_errno(fault, -ENOMEM, "report") : 0;
}

const struct document_renderer document_text = {
	.render = text_render,
};
