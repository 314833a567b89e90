/* SPDX-License-Identifier: MIT */
/*
 * prose: parts of a document as plain text, the same in text and Markdown. Strings of a
 * tape stand as they are: whoever writes them out makes them harmless.
 */
#pragma once

#include "base/text.h"
#include "render/timestamp.h"
#include "table/document.h"

/* Date, time and zone; seconds since the start where the mode or the tape says so. */
void prose_date(struct text *t, const struct render_options *o, uint64_t ts_ns);
/* "mostly 10:32:07.5 to 10:32:09.1", one of them where they are the same; nothing where it does not
 * apply. */
void prose_when(struct text *t, const struct render_options *o, const struct document_finding *f);
/* A round length of time: "200 ms", "5 s", "1 min", "2 h". */
void prose_width(struct text *t, uint64_t ns);
/* What people read of an item. */
void prose_item(struct text *t, const struct render_options *o, const struct document_item *item);
/* The cell of a table; "-" for an absent one. */
void prose_cell(struct text *t, const struct render_options *o, const struct column *column,
		const struct cell *cell);
/* In text and Markdown. */
static inline bool prose_has_column(const struct column *c)
{
	return (c->where & COLUMN_TEXT) && c->head;
}
/* Rows of a table that are shown there. */
size_t prose_rows(const struct document_table *table);
