/* SPDX-License-Identifier: MIT */
/*
 * writer: writes strings that a stranger may have chosen into a page, so that they are shown and
 * never obeyed. Into markup they get through html_text() alone. Control characters become pictures
 * of themselves; bytes that are no UTF-8, and characters that turn the direction of the text
 * around, become U+FFFD.
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
/* Writes a string, or a number, into JSON that html_json() will take. */
void html_json_cstr(struct json_writer *w, const char *s);
void html_json_i64(struct json_writer *w, int64_t v);
/* Appends JSON as the text of a script element. */
void html_json(struct text *t, const struct text *json);
