/* SPDX-License-Identifier: MIT */
/*
 * writer: how strings from anywhere get into a page: into markup, through html_text() alone,
 * and into the data of its scripts. Either way a stranger's string is shown and never obeyed:
 * control characters become pictures of themselves, what is no UTF-8 or would turn the direction of
 * the text becomes U+FFFD.
 */
#pragma once

#include <string.h>

#include "base/text.h"
#include "render/json-writer.h"

/* As text of an element or of a quoted attribute. */
void html_text(struct text *t, const char *s, size_t n);
static inline void html_cstr(struct text *t, const char *s)
{
	html_text(t, s, strlen(s));
}
/* As a string of the JSON that html_json() shall take. */
void html_json_cstr(struct json_writer *w, const char *s);
void html_json_i64(struct json_writer *w, int64_t v);
/* JSON as text of a script element. */
void html_json(struct text *t, const struct text *json);
