/* SPDX-License-Identifier: MIT */
/*
 * markdown-page: the state and functions that the files of Markdown share.
 */
#pragma once

#include "document/renderer.h"

struct markdown_page {
	const struct document *document;
	const struct render_options *options;
	struct text *out;
};

/* Appends s so that nothing in it is markup. */
void markdown_escaped(struct text *out, const char *s);
/* Defined in markdown-story.c. Writes what happened to the subject of a row. */
void markdown_story(const struct markdown_page *p, const struct document_history *h);
