/* SPDX-License-Identifier: MIT */
/*
 * prose: writes parts of a document that are the same in text and Markdown. Strings from the tape
 * are appended as they are: the caller escapes them when it writes them out.
 */
#pragma once

#include "base/text.h"
#include "render/timestamp.h"
#include "table/document.h"

/* Appends date, time and zone, or seconds since 1970 or since the start if o->time asks for them.
 * Without a wall time on the tape it appends seconds since the start. */
void prose_date(struct text *t, const struct render_options *o, uint64_t ts_ns);
/* Appends when the events of a finding happened: "mostly 10:32:07.5 to 10:32:09.1", one time if
 * both read the same, nothing if the finding has no times. */
void prose_when(struct text *t, const struct render_options *o, const struct document_finding *f);
/* Appends the width of a bucket, in the largest unit that divides it: "200 ms", "5 s", "1 min", "2
 * h". ns: at least a millisecond. */
void prose_width(struct text *t, uint64_t ns);
/* Appends the value of an item for people. */
void prose_item(struct text *t, const struct render_options *o, const struct document_item *item);
/* Appends the cell of a table, or "-" if its value is unknown. */
void prose_cell(struct text *t, const struct render_options *o, const struct column *column,
		const struct cell *cell);
/* True for a column that text and Markdown show. */
static inline bool prose_has_column(const struct column *c)
{
	return (c->where & COLUMN_TEXT) && c->head;
}
/* How many of the table's rows text and Markdown show. */
size_t prose_rows(const struct document_table *table);
