/* SPDX-License-Identifier: MIT */
/*
 * row-field: the value of one field of a row, taken by offset, size and type as the format file
 * describes them, whatever the field means. Works for rows of any byte order and word size.
 */
#pragma once

#include "tracepoint/trace-format.h"

enum row_value_kind {
	ROW_VALUE_NONE,	    /* the row is too short for the field, or for the data it points to */
	ROW_VALUE_UNSIGNED, /* number */
	ROW_VALUE_SIGNED,   /* number, in two's complement */
	ROW_VALUE_TEXT,	    /* bytes: an array of char, including its NUL bytes */
	ROW_VALUE_LIST,	    /* bytes: an array of numbers of element_size bytes each */
	ROW_VALUE_BYTES,    /* bytes: a struct, or an array of numbers of unknown size */
};

struct row_value {
	enum row_value_kind kind;
	uint64_t number;      /* UNSIGNED, SIGNED */
	const uint8_t *bytes; /* TEXT, LIST, BYTES: points into the row */
	size_t len;	      /* of bytes */
	uint8_t element_size; /* LIST: 1, 2, 4 or 8 */
	bool is_signed;	      /* LIST: whether the numbers are signed */
};

/* The value of f in a row of len bytes, in the byte order of the recording host. The value of a
 * __data_loc or __rel_loc field is the data that it points to. */
struct row_value row_field_value(const struct trace_field *f, bool is_big_endian,
				 const uint8_t *row, size_t len);
/* The number of elements of a LIST. */
static inline size_t row_value_count(const struct row_value *v)
{
	return v->len / v->element_size;
}
/* Element i of a LIST, i < row_value_count(); a signed element is extended to 64 bits. */
uint64_t row_value_element(const struct row_value *v, size_t i, bool is_big_endian);
/* The number of bytes of a TEXT before its first NUL. */
size_t row_value_text_len(const struct row_value *v);
