/* SPDX-License-Identifier: MIT */
/*
 * print-conversion: which printf conversions of a print format may reach libtraceevent, and through
 * it printf(): those of one argument that read no more than their field.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool print_conversions_are_harmless(const char *format, size_t len);
