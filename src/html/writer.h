/* SPDX-License-Identifier: MIT */
/*
 * writer: writes strings that a stranger may have chosen into a page, so that they are shown and
 * never interpreted as markup or script. Strings get into markup through html_text() alone. Control
 * characters are replaced by the Unicode symbols for them; bytes that are not UTF-8, and characters
 * that change the direction of the text, become U+FFFD.
 */
#pragma once

#include <string.h>

#include "base/text.h"
#include "render/json-writer.h"

/* Appends s as text of an element or of a quoted attribute. */
void html_text(struct text *t, const char *s, size_t n);
static inline void html_cstr(struct text *t, const char *s)
{
	html_text(t, s, strlen(s));
}
/* Write a string, or a number, into JSON that is meant for html_json(). */
void html_json_cstr(struct json_writer *w, const char *s);
void html_json_i64(struct json_writer *w, int64_t v);
/* Appends JSON as the text of a script element. */
void html_json(struct text *t, const struct text *json);
