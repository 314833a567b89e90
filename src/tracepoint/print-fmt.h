/* SPDX-License-Identifier: MIT */
/*
 * print-fmt: how a format file's `print fmt` line shows integers. The line is C source, such as
 *
 *	print fmt: "len=%u func=%ps", REC->len, (void *)REC->ip
 *
 * and is where the kernel says that an `unsigned long` is an address.
 */
#pragma once

#include "tracepoint/trace-format.h"

/*
 * Sets is_shown_as_pointer and is_shown_in_decimal of the fields of f from the format file that f
 * was parsed from (text is not NUL-terminated). Only a field that is an argument of its own counts,
 * casts and parentheses apart; about all others nothing is said.
 */
void print_fmt_read(const char *text, size_t len, struct trace_format *f);
