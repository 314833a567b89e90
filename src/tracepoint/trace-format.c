// SPDX-License-Identifier: MIT
#include "tracepoint/trace-format.h"

#include <errno.h>
#include <string.h>

/* A part of the format file's text. */
struct span {
	const char *at;
	size_t len;
};

static bool is_ident(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span trim(struct span s)
{
	while (s.len && is_blank(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

static bool span_starts(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.len >= n && !memcmp(s.at, prefix, n);
}

static bool span_is(struct span s, const char *word)
{
	return s.len == strlen(word) && span_starts(s, word);
}

static bool span_has(struct span s, const char *word)
{
	return memmem(s.at, s.len, word, strlen(word));
}

/* Takes the next line, without its newline. False: the text is at its end. */
static bool next_line(struct span *text, struct span *ret)
{
	const char *end;

	if (!text->len)
		return false;
	end = memchr(text->at, '\n', text->len);
	ret->at = text->at;
	ret->len = end ? (size_t)(end - text->at) : text->len;
	text->at += ret->len + !!end;
	text->len -= ret->len + !!end;
	return true;
}

static bool parse_u32(struct span s, uint32_t max, uint32_t *ret)
{
	uint64_t v = 0;

	s = trim(s);
	if (!s.len || s.len > 10)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		v = v * 10 + (s.at[i] - '0');
	}
	if (v > max)
		return false;
	*ret = v;
	return true;
}

/* Finds the number after key, which is "size:" in "...; size:4; ...". False: there is none. */
static bool attribute_get(struct span line, const char *key, uint32_t *ret)
{
	while (line.len) {
		const char *end = memchr(line.at, ';', line.len);
		struct span part = {line.at, end ? (size_t)(end - line.at) : line.len};
		struct span word = trim(part);
		size_t n = strlen(key);

		if (span_starts(word, key))
			return parse_u32((struct span){word.at + n, word.len - n}, UINT16_MAX, ret);
		line.at += part.len + !!end;
		line.len -= part.len + !!end;
	}
	return false;
}

/* The size of an array's element in bytes, by the last word of its type; 0: not known. */
static uint8_t element_size(struct span type)
{
	static const struct {
		const char *word;
		uint8_t size;
	} types[] = {
		{"char", 1},	{"u8", 1},    {"s8", 1},    {"__u8", 1},   {"__s8", 1},
		{"uint8_t", 1}, {"bool", 1},  {"short", 2}, {"u16", 2},	   {"__u16", 2},
		{"__be16", 2},	{"u32", 4},   {"__u32", 4}, {"__be32", 4}, {"int", 4},
		{"u64", 8},	{"__u64", 8},
	};
	size_t at = type.len;

	while (at && is_ident(type.at[at - 1]))
		at--;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (span_is((struct span){type.at + at, type.len - at}, types[i].word))
			return types[i].size;
	}
	return 0;
}

/* Learns the type of the data from the type of a dynamic field, "__data_loc char[]". */
static void parse_dynamic(struct span type, struct trace_field *f)
{
	const char *blank = memchr(type.at, ' ', type.len);
	struct span element;

	if (!blank)
		return;
	element = trim((struct span){blank, (size_t)(type.at + type.len - blank)});
	if (element.len > 2 && !memcmp(element.at + element.len - 2, "[]", 2))
		element.len -= 2;
	element = trim(element);
	f->is_dynamic_char = span_is(element, "char") || span_is(element, "const char");
	f->dynamic_element_size = element_size(element);
}

/* Learns name and type from a declaration, such as "const char * name[16]". */
static int parse_declaration(struct span d, struct trace_field *f)
{
	struct span type, bracket = {0};
	uint32_t n = 0;
	bool is_long;
	size_t len;

	d = trim(d);
	f->is_relative = span_has(d, "__rel_loc");
	f->is_dynamic = f->is_relative || span_has(d, "__data_loc");
	if (d.len && d.at[d.len - 1] == ']') {
		const char *open = memchr(d.at, '[', d.len);

		if (!open)
			return -EBADMSG;
		bracket = (struct span){open + 1, d.at + d.len - 1 - (open + 1)};
		f->is_array = true;
		d.len = open - d.at;
		d = trim(d);
	}
	for (len = 0; len < d.len && is_ident(d.at[d.len - 1 - len]); len++)
		;
	if (!len || len >= sizeof(f->name))
		return -EBADMSG;
	memcpy(f->name, d.at + d.len - len, len);
	f->name[len] = '\0';
	type = trim((struct span){d.at, d.len - len});
	if (!type.len)
		return -EBADMSG;
	f->is_pointer = !f->is_array && !f->is_dynamic && type.at[type.len - 1] == '*';
	is_long = span_is(type, "long") || span_is(type, "unsigned long");
	f->is_long = !f->is_array && is_long;
	f->is_long_array = f->is_array && !f->is_dynamic && is_long;
	if (f->is_dynamic)
		parse_dynamic(type, f);
	f->is_char = span_is(type, "char") || span_is(type, "const char");
	if (f->is_array && parse_u32(bracket, UINT16_MAX, &n) && n && f->size % n == 0)
		f->element_size = f->size / n <= 8 ? f->size / n : 0;
	else if (f->is_array)
		f->element_size = element_size(type);
	return 0;
}

static int parse_field(struct span line, struct trace_field *ret, struct fault *fault)
{
	struct trace_field f = {0};
	const char *end = memchr(line.at, ';', line.len);
	uint32_t offset, size, is_signed = 0;
	struct span rest;

	if (!end)
		return fault_set(fault, -EBADMSG, "format file: field line without ';'");
	rest = (struct span){end + 1, line.at + line.len - (end + 1)};
	if (!attribute_get(rest, "offset:", &offset) || !attribute_get(rest, "size:", &size) ||
	    offset + size > UINT16_MAX)
		return fault_set(fault, -EBADMSG, "format file: field without a usable place");
	(void)attribute_get(rest, "signed:", &is_signed);
	f.offset = offset;
	f.size = size;
	f.is_signed = is_signed;
	if (parse_declaration((struct span){line.at, end - line.at}, &f) < 0)
		return fault_set(fault, -EBADMSG, "format file: field without a usable name");
	*ret = f;
	return 0;
}

static int parse_name(struct span s, struct trace_format *f, struct fault *fault)
{
	s = trim(s);
	if (!s.len || s.len >= sizeof(f->name))
		return fault_set(fault, -EBADMSG, "format file: no usable event name");
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < ' ' || s.at[i] == 0x7f)
			return fault_set(fault, -EBADMSG, "format file: no usable event name");
	}
	memcpy(f->name, s.at, s.len);
	f->name[s.len] = '\0';
	return 0;
}

static int parse_fields(struct span *text, struct trace_format *f, struct fault *fault)
{
	bool is_common = true;
	struct span line;

	while (next_line(text, &line)) {
		struct trace_field *field = &f->fields[f->n_fields];
		int r;

		line = trim(line);
		if (!line.len) {
			is_common = is_common && !f->n_fields;
			continue;
		}
		if (!span_starts(line, "field:"))
			break;
		if (f->n_fields == TRACE_FORMAT_FIELDS_MAX)
			return fault_set(fault, -EBADMSG, "format file: more than %d fields",
					 TRACE_FORMAT_FIELDS_MAX);
		line.at += strlen("field:");
		line.len -= strlen("field:");
		r = parse_field(line, field, fault);
		if (r < 0)
			return r;
		field->is_common = is_common;
		if (field->offset + field->size > (int)f->record_size)
			f->record_size = field->offset + field->size;
		f->n_fields++;
	}
	if (!f->n_fields)
		return fault_set(fault, -EBADMSG, "format file: no fields");
	return 0;
}

int trace_format_parse(const char *text, size_t len, struct trace_format *ret, struct fault *fault)
{
	struct span rest = {text, len}, line;
	struct trace_format f = {0};
	bool has_id = false;

	while (!f.n_fields && next_line(&rest, &line)) {
		int r = 0;

		line = trim(line);
		if (span_starts(line, "name:"))
			r = parse_name((struct span){line.at + 5, line.len - 5}, &f, fault);
		else if (span_starts(line, "ID:"))
			has_id = parse_u32((struct span){line.at + 3, line.len - 3}, UINT32_MAX,
					   &f.id);
		else if (span_is(line, "format:"))
			r = parse_fields(&rest, &f, fault);
		if (r < 0)
			return r;
	}
	if (!f.name[0] || !has_id || !f.n_fields)
		return fault_set(fault, -EBADMSG, "format file: no name, ID or fields");
	*ret = f;
	return 0;
}

const struct trace_field *trace_format_field(const struct trace_format *f, const char *name)
{
	for (size_t i = 0; i < f->n_fields; i++) {
		if (!strcmp(f->fields[i].name, name))
			return &f->fields[i];
	}
	return NULL;
}
