/* SPDX-License-Identifier: MIT */
/*
 * shape: a catalog shape ("skaddr:P sport:2 ...") against the fields of a format file.
 */
#pragma once

#include <stdbool.h>

#include "tracepoint/trace-format.h"

/* Are all of the shape's fields there, in their size? pointer_size is the recording machine's. */
bool shape_matches(const char *shape, const struct trace_format *f, unsigned int pointer_size);
