/* SPDX-License-Identifier: MIT */
/*
 * shape: compares a shape of the catalog ("skaddr:P sport:2 ...") with the fields of a format file.
 */
#pragma once

#include <stdbool.h>

#include "tracepoint/trace-format.h"

/* Whether f has all fields of the shape, in the shape's sizes. pointer_size is that of the
 * recording machine, in bytes. */
bool shape_matches(const char *shape, const struct trace_format *f, unsigned int pointer_size);
