/* SPDX-License-Identifier: MIT */
/*
 * text-page: what the two files that render a document as text have in common.
 */
#pragma once

#include "document/renderer.h"

struct text_page {
	const struct document *document;
	const struct render_options *options;
	unsigned int width;
	struct text *out;
};

/* A line of its own, in capitals. */
void text_page_heading(const struct text_page *p, const char *s);
/* text-table.c: the first rows of the table; nothing where it has none. */
void text_page_table(const struct text_page *p, const struct document_table *t);
