/* SPDX-License-Identifier: MIT */
/*
 * json-writer: writes JSON into a text, with commas and quotes where they belong. Bytes that are
 * not UTF-8 become U+FFFD, so that the output is always valid JSON.
 */
#pragma once

#include "base/text.h"

struct json_writer {
	struct text *text;
	bool needs_comma;
};

struct json_writer json_writer_to(struct text *t);
void json_open(struct json_writer *w, char bracket);  /* '{' or '[' */
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */
/* Writes a key of an object; its value must follow. The key may be any string. */
void json_key(struct json_writer *w, const char *key);
/* Write a value, after a key or in an array. n: length in bytes. */
void json_str(struct json_writer *w, const char *s, size_t n);
void json_cstr(struct json_writer *w, const char *s);
void json_u64(struct json_writer *w, uint64_t v);
void json_bool(struct json_writer *w, bool v);
/* Appends text that is a JSON value already. */
void json_verbatim(struct json_writer *w, const char *s, size_t n);
