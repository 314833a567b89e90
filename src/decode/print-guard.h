/* SPDX-License-Identifier: MIT */
/*
 * print-guard: decides whether the `print fmt` of a format file may reach libtraceevent. Its parser
 * recurses as deep as the text nests and follows fields that do not exist; its printer passes
 * conversions on to printf() and divides by numbers of the row. So only the grammar that
 * tracepoints really use is let through:
 *
 *   print fmt: "conversions" {, value}
 *   value      of numbers, characters, strings, REC->field, REC->array[number], casts,
 *              __get_str(field), __print_symbolic(value, {number, "word"} ...),
 *              __print_flags(value, "delimiter", {number, "word"} ...), and C's operators;
 *              division only by numbers
 *   conversion of one argument of a known kind, widths of at most three digits
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tracepoint/trace-format.h"

#define PRINT_TEXT_MAX	  65536u
#define PRINT_NESTING_MAX 32
#define PRINT_TOKENS_MAX  8192

/* The "print fmt: ..." part of a format file, to the end of the file. NULL: there is none, or it is
 * not harmless. f has the fields of the file. */
const char *print_text_find(const char *text, size_t len, const struct trace_format *f,
			    size_t *ret_len);
