/* SPDX-License-Identifier: MIT */
/*
 * json-check: verifies that a text is one JSON value and nothing else, as the strictest reader
 * does: UTF-8, no control characters, no key twice in an object.
 */
#pragma once

#include <stddef.h>

/* Returns NULL if the text is valid, else what is wrong. A newline at the end is allowed. */
const char *json_check(const char *s, size_t n);
