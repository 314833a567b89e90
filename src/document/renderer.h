/* SPDX-License-Identifier: MIT */
/*
 * renderer: presentations of a document (table/document.h), one per file. What they write depends on
 * the document and the options alone: the same bytes every time.
 */
#pragma once

#include "base/text.h"
#include "render/render.h"
#include "table/document.h"

struct document_renderer {
	const char *name; /* "text", "markdown", "json", "html" */
	/* Appends all of it. clock, time, use_color of the options are looked at; columns: width of
	 * the page where that matters. 0 or -ENOMEM. */
	int (*render)(const struct document *d, const struct render_options *o,
		      unsigned int columns, struct text *out, struct fault *fault);
};

extern const struct document_renderer document_text;
extern const struct document_renderer document_markdown;
extern const struct document_renderer document_json;
/* A page that is one file. NULL: built without. */
const struct document_renderer *document_html(void);
