// SPDX-License-Identifier: MIT
/*
 * Any bytes as a format file.
 */
#include <stdlib.h>

#include "tracepoint/trace-format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_format f;

	if (trace_format_parse((const char *)data, size, &f, NULL) < 0)
		return 0;
	for (size_t i = 0; i < f.n_fields; i++) {
		if (f.fields[i].offset + f.fields[i].size > (int)f.record_size ||
		    trace_format_field(&f, f.fields[i].name) > &f.fields[i])
			abort();
	}
	return 0;
}
