// SPDX-License-Identifier: MIT
/*
 * markdown-story: writes the history of a row as Markdown: its strips as a block of text, then what
 * happened as a table.
 */
#include <string.h>

#include "base/units.h"
#include "document/markdown-page.h"
#include "document/prose.h"
#include "document/story.h"
#include "render/fastfmt.h"

#define STRIP_COLUMNS 40u
#define STRIP_LABEL   22u

static void strip_put(const struct markdown_page *p, const struct document_history *h,
		      const struct document_strip *strip)
{
	uint64_t least, most, last;

	text_str(p->out, strip->label);
	text_fill(p->out, ' ', STRIP_LABEL - strlen(strip->label));
	story_strip(h, strip, STRIP_COLUMNS, p->out);
	story_extremes(strip, &least, &most, &last);
	text_str(p->out, "  ");
	story_value(p->out, strip, least);
	text_str(p->out, " to ");
	story_value(p->out, strip, most);
	text_str(p->out, ", last ");
	story_value(p->out, strip, last);
	text_char(p->out, '\n');
}

static void strips_put(const struct markdown_page *p, const struct document_history *h)
{
	uint64_t from, to;

	if (!h->n_strips)
		return;
	story_span(h, &from, &to);
	text_str(p->out, "\n## Over time\n\nA column is ");
	units_duration(p->out, (to - from) / STRIP_COLUMNS);
	text_str(p->out, ".\n\n```\n");
	for (size_t i = 0; i < h->n_strips; i++)
		strip_put(p, h, &h->strips[i]);
	text_str(p->out, "```\n");
}

static void line_put(const struct markdown_page *p, const struct document_history *h,
		     uint64_t from_ns, const struct story_line *line)
{
	struct timestamp timestamp = timestamp_for_text(p->options);
	struct text plain CLEANUP(text_done) = {0};
	char time[FASTFMT_MAX], *end = timestamp_put(&timestamp, time, line->ts_ns, 6);

	text_str(p->out, "| +");
	text_fixed(p->out, line->ts_ns > from_ns ? (line->ts_ns - from_ns) / NSEC_PER_USEC : 0, 6);
	text_str(p->out, " | ");
	text_mem(p->out, time, (size_t)(end - time));
	text_str(p->out, " | ");
	markdown_escaped(p->out, line->what);
	text_str(p->out, " | ");
	story_line_detail(h, line, &plain);
	markdown_escaped(p->out, text_cstr(&plain));
	text_str(p->out, " |\n");
}

void markdown_story(const struct markdown_page *p, const struct document_history *h)
{
	size_t n = story_lines_count(h), left_out = story_left_out(n, p->options->with_all);
	struct story_lines lines = {.history = h};
	struct text limits CLEANUP(text_done) = {0};
	struct story_line line;
	uint64_t from, to;

	strips_put(p, h);
	story_span(h, &from, &to);
	text_str(p->out, "\n## States and events\n\n| since | time | what | |\n"
			 "| ---: | :--- | :--- | :--- |\n");
	for (size_t i = 0; story_lines_next(&lines, &line); i++) {
		if (!left_out || i < STORY_FIRST || i >= n - STORY_LAST)
			line_put(p, h, from, &line);
		if (!left_out || i != STORY_FIRST)
			continue;
		text_str(p->out, "| | | ... | ");
		units_count(p->out, left_out);
		text_str(p->out, " lines left out: --all shows them |\n");
	}
	story_limits(h, &limits);
	if (!limits.len)
		return;
	text_char(p->out, '\n');
	markdown_escaped(p->out, text_cstr(&limits));
	text_char(p->out, '\n');
}
