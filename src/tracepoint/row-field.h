/* SPDX-License-Identifier: MIT */
/*
 * row-field: the value of one field of a row, as the format file describes it and nothing more: no
 * names, no units, no meaning. Works for rows of any byte order and word size.
 */
#pragma once

#include "tracepoint/trace-format.h"

enum row_value_kind {
	ROW_VALUE_NONE,	    /* the row is too short for the field, or for what it points to */
	ROW_VALUE_UNSIGNED, /* number */
	ROW_VALUE_SIGNED,   /* number, in two's complement */
	ROW_VALUE_TEXT,	    /* bytes: an array of char, NUL bytes and all */
	ROW_VALUE_LIST,	    /* bytes: an array of numbers of element_size bytes each */
	ROW_VALUE_BYTES,    /* bytes: neither; a struct, or numbers of unknown size */
};

struct row_value {
	enum row_value_kind kind;
	uint64_t number;      /* UNSIGNED, SIGNED */
	const uint8_t *bytes; /* TEXT, LIST, BYTES: in the row */
	size_t len;
	uint8_t element_size; /* LIST: 1, 2, 4 or 8 */
	bool is_signed;	      /* LIST: its numbers */
};

/* The row is len bytes long, in the byte order of the recording host. __data_loc and __rel_loc
 * fields have the value that they point to. */
struct row_value row_field_value(const struct trace_field *f, bool is_big_endian,
				 const uint8_t *row, size_t len);
/* Numbers in a LIST. */
static inline size_t row_value_count(const struct row_value *v)
{
	return v->len / v->element_size;
}
/* Number i of a LIST, i below row_value_count; signed ones are extended to 64 bits. */
uint64_t row_value_element(const struct row_value *v, size_t i, bool is_big_endian);
/* Bytes of a TEXT before its first NUL. */
size_t row_value_text_len(const struct row_value *v);
