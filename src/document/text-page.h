/* SPDX-License-Identifier: MIT */
/*
 * text-page: the state and functions that text.c and text-table.c share to render a document as
 * text.
 */
#pragma once

#include "document/renderer.h"

struct text_page {
	const struct document *document;
	const struct render_options *options;
	unsigned int width;
	struct text *out;
};

/* Writes a heading on a line of its own, in capitals. */
void text_page_heading(const struct text_page *p, const char *s);
/* Writes s in the colour of trouble, if it is one and there are colours. */
void text_page_trouble(const struct text_page *p, bool is_trouble, const char *s);
/* Defined in text-story.c. Writes what happened to the subject of a row. */
void text_page_story(const struct text_page *p, const struct document_history *h);
/* Defined in text-table.c. Writes the first rows of the table, or nothing if it has no rows. */
void text_page_table(const struct text_page *p, const struct document_table *t);
