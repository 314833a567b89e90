/* SPDX-License-Identifier: MIT */
/*
 * json-check: is a text one JSON value and nothing else, as strict as the strictest reader: UTF-8, no
 * control characters, no key twice in an object?
 */
#pragma once

#include <stddef.h>

/* NULL: it is; else what is wrong. A newline at the end is allowed. */
const char *json_check(const char *s, size_t n);
