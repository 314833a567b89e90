/* SPDX-License-Identifier: MIT */
/*
 * print-rewrite: says the same as a kernel's print format in words that libtraceevent takes as the
 * kernel means them. libtraceevent reads all numbers as unsigned ones of 64 bits, prints pointers
 * with the word size of this machine, and does not know the enumerators that some kernels leave in
 * their formats.
 */
#pragma once

#include "base/text.h"
#include "tracepoint/trace-format.h"

/* Appends the print format, which print_text_find() has found, rewritten. False: it compares signed
 * numbers in a way that cannot be rewritten. */
bool print_rewrite(struct text *t, const struct trace_format *f, const char *print, size_t len);
