// SPDX-License-Identifier: MIT
#include "cli/formats.h"

#include <assert.h>
#include <string.h>

const struct format formats[] = {
	{"text", "columns and paragraphs, for people", NULL, &row_text, &document_text},
	{"json", "a JSON object: one per row and line, or one for a whole report", "--json",
	 &row_json, &document_json},
	{"csv", "comma-separated values with a header line", NULL, &row_csv, NULL},
	{"markdown", "Markdown with GitHub's tables, for a ticket", "--md", NULL,
	 &document_markdown},
	{"html", "a page for a browser: a single file that needs no network", NULL, NULL,
	 &document_html},
};
const size_t n_formats = ARRAY_SIZE(formats);

const struct format *format_named(const char *name)
{
	size_t i = 0;

	while (i < n_formats && strcmp(formats[i].name, name))
		i++;
	assert(i < n_formats);
	return &formats[i];
}

void format_option_text(const struct format *f, struct text *t)
{
	if (f->flag)
		text_str(t, f->flag);
	else
		text_printf(t, "--format %s", f->name);
}
