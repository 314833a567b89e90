/* SPDX-License-Identifier: MIT */
/*
 * prose: parts of a document as plain text, the same in text and Markdown. Strings from the tape
 * are appended as they are: the caller makes them harmless when it writes them out.
 */
#pragma once

#include "base/text.h"
#include "render/timestamp.h"
#include "table/document.h"

/* Date, time and zone; seconds since the start or since 1970 where o->time asks for those, or
 * where the tape does not know the wall time. */
void prose_date(struct text *t, const struct render_options *o, uint64_t ts_ns);
/* When a finding's events happened: "mostly 10:32:07.5 to 10:32:09.1"; one time where both read
 * the same; nothing where the finding has no times. */
void prose_when(struct text *t, const struct render_options *o, const struct document_finding *f);
/* The width of a bucket, in the largest unit that divides it: "200 ms", "5 s", "1 min", "2 h".
 * ns: at least a millisecond. */
void prose_width(struct text *t, uint64_t ns);
/* The value of an item for people. */
void prose_item(struct text *t, const struct render_options *o, const struct document_item *item);
/* The cell of a table; "-" where the value is unknown. */
void prose_cell(struct text *t, const struct render_options *o, const struct column *column,
		const struct cell *cell);
/* True for a column that text and Markdown show. */
static inline bool prose_has_column(const struct column *c)
{
	return (c->where & COLUMN_TEXT) && c->head;
}
/* How many rows of a table text and Markdown show. */
size_t prose_rows(const struct document_table *table);
