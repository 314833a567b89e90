// SPDX-License-Identifier: MIT
#include "cli/formats.h"

#include <assert.h>
#include <string.h>

const struct format formats[] = {
	{"text", "columns for people", NULL, &row_text},
	{"json", "one JSON object per line", "an object per line", &row_json},
	{"csv", "comma-separated values with a header line", NULL, &row_csv},
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
