// SPDX-License-Identifier: MIT
/*
 * text-story: writes the history of a row for a terminal: a strip for each quantity, then what
 * happened, line by line.
 */
#include <string.h>

#include "base/units.h"
#include "document/prose.h"
#include "document/story.h"
#include "document/text-page.h"
#include "document/wrap.h"
#include "render/fastfmt.h"

#define STRIP_LABEL  24u
#define STRIP_NUMBER 10u
#define WHAT_WIDTH   13u
#define SINCE_WIDTH  12u

static void number_put(const struct text_page *p, const char *s)
{
	size_t len = strlen(s);

	text_fill(p->out, ' ', len < STRIP_NUMBER ? STRIP_NUMBER - len : 1);
	text_str(p->out, s);
}

static void label_put(const struct text_page *p, const char *label)
{
	text_str(p->out, label);
	text_fill(p->out, ' ', strlen(label) < STRIP_LABEL ? STRIP_LABEL - strlen(label) : 1);
}

static void strip_put(const struct text_page *p, const struct document_history *h,
		      const struct document_strip *strip, size_t columns)
{
	uint64_t values[3];

	label_put(p, strip->label);
	story_strip(h, strip, columns, p->out);
	story_extremes(strip, &values[0], &values[1], &values[2]);
	for (size_t i = 0; i < 3; i++) {
		struct text plain CLEANUP(text_done) = {0};

		story_value(&plain, strip, values[i]);
		number_put(p, text_cstr(&plain));
	}
	text_char(p->out, '\n');
}

static void strips_put(const struct text_page *p, const struct document_history *h)
{
	size_t columns = p->width > STRIP_LABEL + 3 * STRIP_NUMBER + 10
				 ? p->width - STRIP_LABEL - 3 * STRIP_NUMBER
				 : 10;
	struct text plain CLEANUP(text_done) = {0};
	uint64_t from, to;

	if (!h->n_strips && !story_troubles(h))
		return;
	story_span(h, &from, &to);
	text_page_heading(p, "over time");
	text_str(&plain, "a column is ");
	units_duration(&plain, (to - from) / columns);
	label_put(p, text_cstr(&plain));
	text_fill(p->out, ' ', columns);
	number_put(p, "LEAST");
	number_put(p, "MOST");
	number_put(p, "LAST");
	text_char(p->out, '\n');
	for (size_t i = 0; i < h->n_strips; i++)
		strip_put(p, h, &h->strips[i], columns);
	if (!story_troubles(h))
		return;
	label_put(p, "trouble");
	story_trouble_strip(h, columns, p->out);
	text_clear(&plain);
	units_count(&plain, story_troubles(h));
	text_str(&plain, " in all");
	number_put(p, text_cstr(&plain));
	text_char(p->out, '\n');
}

/* Writes "+1.050000    10:32:07.123456 rto          after 200 ms". */
static void line_put(const struct text_page *p, const struct document_history *h, uint64_t from_ns,
		     const struct story_line *line)
{
	struct timestamp timestamp = timestamp_for_text(p->options);
	struct text plain CLEANUP(text_done) = {0};
	char time[FASTFMT_MAX], *end = timestamp_put(&timestamp, time, line->ts_ns, 6);
	size_t start = p->out->len;
	struct wrap w;

	text_char(&plain, '+');
	text_fixed(&plain, line->ts_ns > from_ns ? (line->ts_ns - from_ns) / NSEC_PER_USEC : 0, 6);
	text_str(p->out, text_cstr(&plain));
	text_fill(p->out, ' ', plain.len < SINCE_WIDTH ? SINCE_WIDTH - plain.len : 1);
	text_mem(p->out, time, (size_t)(end - time));
	text_char(p->out, ' ');
	w = (struct wrap){.text = p->out,
			  .width = p->width,
			  .at = (unsigned int)(p->out->len - start),
			  .indent = (unsigned int)(p->out->len - start) + WHAT_WIDTH};
	text_page_trouble(p, line->is_trouble, line->what);
	w.at += (unsigned int)strlen(line->what);
	text_clear(&plain);
	story_line_detail(h, line, &plain);
	if (plain.len)
		text_fill(p->out, ' ', w.at < w.indent ? w.indent - w.at : 1);
	w.at = w.at < w.indent ? w.indent : w.at + 1;
	w.indent = w.at;
	wrap_words(&w, text_cstr(&plain));
	wrap_end(&w);
}

static void lines_put(const struct text_page *p, const struct document_history *h)
{
	size_t n = story_lines_count(h), left_out = story_left_out(n, p->options->with_all);
	struct story_lines lines = {.history = h};
	struct text plain CLEANUP(text_done) = {0};
	struct story_line line;
	uint64_t from, to;

	story_span(h, &from, &to);
	text_page_heading(p, "states and events");
	for (size_t i = 0; story_lines_next(&lines, &line); i++) {
		if (left_out && i >= STORY_FIRST && i < n - STORY_LAST) {
			if (i > STORY_FIRST)
				continue;
			text_str(&plain, "... ");
			units_count(&plain, left_out);
			text_str(&plain, " lines left out: --all shows them");
			text_str(p->out, text_cstr(&plain));
			text_char(p->out, '\n');
			continue;
		}
		line_put(p, h, from, &line);
	}
}

void text_page_story(const struct text_page *p, const struct document_history *h)
{
	struct text limits CLEANUP(text_done) = {0};
	struct wrap w = {.text = p->out, .width = p->width};

	strips_put(p, h);
	lines_put(p, h);
	story_limits(h, &limits);
	wrap_words(&w, text_cstr(&limits));
	wrap_end(&w);
}
