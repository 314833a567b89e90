// SPDX-License-Identifier: MIT
/*
 * page-none: replaces page.c in a build without the chart library.
 */
#include <errno.h>

#include "document/renderer.h"

static int page_refuse(const struct document *d, const struct render_options *o,
		       unsigned int columns, struct text *out, struct fault *fault)
{
	return fault_set(fault, -ENOTSUP,
			 "--html: this tcptape was built without it: npm was missing then; "
			 "--md is there");
}

const struct document_renderer document_html = {
	.render = page_refuse,
};
