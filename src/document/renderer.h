/* SPDX-License-Identifier: MIT */
/*
 * renderer: the interface of the renderers of documents (table/document.h), which are one per
 * output format and file; cli/formats.c lists them. The output depends on the document and the
 * options alone, so that it is the same bytes every time.
 */
#pragma once

#include "base/text.h"
#include "render/render.h"
#include "table/document.h"

struct document_renderer {
	/* Appends the whole document to out. Looks at clock, time, use_color and with_rules of the
	 * options. columns: the width of a line where the format breaks lines. 0; -ENOMEM; -ENOTSUP
	 * and a fault when tcptape was built without the format. */
	int (*render)(const struct document *d, const struct render_options *o,
		      unsigned int columns, struct text *out, struct fault *fault);
};

extern const struct document_renderer document_text;
extern const struct document_renderer document_markdown;
extern const struct document_renderer document_json;
extern const struct document_renderer document_html; /* defined in html/ */
