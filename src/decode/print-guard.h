/* SPDX-License-Identifier: MIT */
/*
 * print-guard: is the `print fmt` of a format file harmless enough for libtraceevent? Its parser
 * recurses with the text's nesting and follows fields that do not exist; its printer hands
 * conversions on to printf and divides by what it finds. So only the grammar that tracepoints
 * really use is let through:
 *
 *   print fmt: "conversions" {, value}
 *   value      of numbers, characters, CONSTANTS, REC->field, REC->array[number], casts,
 *              __get_str(field), __print_symbolic(value, {number, "word"} ...),
 *              __print_flags(value, "delimiter", {number, "word"} ...), and C's operators,
 *              division by numbers only
 *   conversion of one argument of a known kind, widths of at most three digits
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tracepoint/trace-format.h"

#define PRINT_TEXT_MAX	  65536u
#define PRINT_NESTING_MAX 32
#define PRINT_TOKENS_MAX  8192

/* The "print fmt: ..." part of a format file, to its end: NULL when there is none or it is not
 * harmless. f are the file's fields. */
const char *print_text_find(const char *text, size_t len, const struct trace_format *f,
			    size_t *ret_len);
