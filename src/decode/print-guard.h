/* SPDX-License-Identifier: MIT */
/*
 * print-guard: is a format file's text harmless enough for libtraceevent's parser? It recurses
 * with the text's nesting, and hands print conversions on to printf.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define PRINT_TEXT_MAX	    65536u
#define PRINT_NESTING_MAX   64
#define PRINT_OPERATORS_MAX 2048

bool print_text_is_harmless(const char *format, size_t len);
/* "sport=%hu ...": only conversions that take one argument of a known kind, widths of at most three
 * digits. */
bool print_conversions_are_harmless(const char *s);
