/* SPDX-License-Identifier: MIT */
/*
 * print-fmt: how the `print fmt` line of a format file shows integers. The line is C source, such
 * as
 *
 * 	print fmt: "len=%u func=%ps", REC->len, (void *)REC->ip
 *
 * and it is the only place that says that an `unsigned long` holds an address.
 */
#pragma once

#include "tracepoint/trace-format.h"

/*
 * Sets is_shown_as_pointer and is_shown_in_decimal of the fields of f. text is the format file that
 * f was parsed from (not NUL-terminated). Only a field that is an argument by itself counts, with
 * nothing but casts and parentheses around it; all other fields stay as they are.
 */
void print_fmt_read(const char *text, size_t len, struct trace_format *f);
