/* SPDX-License-Identifier: MIT */
/*
 * story: a history as lines in the order of time, and its strips as lines of block characters: what
 * is the same in text and Markdown.
 */
#pragma once

#include "base/text.h"
#include "table/document.h"

struct story_line {
	uint64_t ts_ns;
	const char *what;
	bool is_trouble;
	/* One of these. */
	const struct document_span *span;
	const struct document_history_event *event;
	const struct document_gap *gap;
};

/* A place in a history. {.history = h} is before the first line. */
struct story_lines {
	const struct document_history *history;
	size_t span, event, gap; /* the next ones */
};

/* False: there are no more lines. */
bool story_lines_next(struct story_lines *l, struct story_line *ret);
size_t story_lines_count(const struct document_history *h);
/* Appends what is known of the line besides its time and its name: nothing, or some words. */
void story_line_detail(const struct document_history *h, const struct story_line *line,
		       struct text *t);

/* The lines that are shown where not all are: the first and the last ones. */
#define STORY_FIRST 40u
#define STORY_LAST  20u
/* How many lines in the middle of n are left out. */
static inline size_t story_left_out(size_t n, bool with_all)
{
	return with_all || n <= STORY_FIRST + STORY_LAST ? 0 : n - STORY_FIRST - STORY_LAST;
}

/* Appends what the lines do not show: events that are shown together or left out, and what is
 * unknown; nothing where there is no more to say. */
void story_limits(const struct document_history *h, struct text *t);

/* The time that a history covers. */
void story_span(const struct document_history *h, uint64_t *ret_from_ns, uint64_t *ret_to_ns);
/* Appends a strip in `columns` block characters over that time: the greatest value in each column;
 * a blank where none is known. */
void story_strip(const struct document_history *h, const struct document_strip *strip,
		 size_t columns, struct text *t);
/* Appends how many events of trouble there were in each column; a blank for none. */
void story_trouble_strip(const struct document_history *h, size_t columns, struct text *t);
/* The number of events of trouble. */
uint64_t story_troubles(const struct document_history *h);
/* Appends a value of a strip in its unit: "12.3 ms", "64.0 KiB", "10". */
void story_value(struct text *t, const struct document_strip *strip, uint64_t value);
/* The least, the greatest and the last value of a strip, which has a point. */
void story_extremes(const struct document_strip *strip, uint64_t *ret_least, uint64_t *ret_most,
		    uint64_t *ret_last);
