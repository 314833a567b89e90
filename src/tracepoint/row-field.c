// SPDX-License-Identifier: MIT
#include "tracepoint/row-field.h"

#include <assert.h>
#include <string.h>

static uint64_t number_get(const uint8_t *at, size_t size, bool is_big_endian)
{
	uint64_t v = 0;

	for (size_t i = 0; i < size; i++)
		v = v << 8 | at[is_big_endian ? i : size - 1 - i];
	return v;
}

static uint64_t sign_extend(uint64_t v, size_t size)
{
	unsigned int shift = 64 - 8 * (unsigned int)size;

	return (uint64_t)((int64_t)(v << shift) >> shift);
}

static bool is_number_size(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static struct row_value bytes_value(const uint8_t *bytes, size_t len, bool is_char,
				    uint8_t element_size, bool is_signed)
{
	struct row_value v = {.kind = ROW_VALUE_BYTES, .bytes = bytes, .len = len};

	if (is_char) {
		v.kind = ROW_VALUE_TEXT;
	} else if (is_number_size(element_size) && len % element_size == 0) {
		v.kind = ROW_VALUE_LIST;
		v.element_size = element_size;
		v.is_signed = is_signed;
	}
	return v;
}

/* The data that a dynamic field points to. The field is a word of four bytes: the upper half is the
 * length of the data, the lower half their offset. The offset of a __data_loc field counts from the
 * start of the row, that of a __rel_loc field from the end of the word. */
static struct row_value dynamic_value(const struct trace_field *f, bool is_big_endian,
				      const uint8_t *row, size_t len)
{
	uint32_t word;
	size_t at, n;

	if (f->size != 4)
		return bytes_value(row + f->offset, f->size, false, 0, false);
	word = (uint32_t)number_get(row + f->offset, 4, is_big_endian);
	at = (word & 0xffff) + (f->is_relative ? (size_t)f->offset + f->size : 0);
	n = word >> 16;
	if (at > len || n > len - at)
		return (struct row_value){.kind = ROW_VALUE_NONE};
	return bytes_value(row + at, n, f->is_dynamic_char, f->dynamic_element_size, f->is_signed);
}

struct row_value row_field_value(const struct trace_field *f, bool is_big_endian,
				 const uint8_t *row, size_t len)
{
	struct row_value v = {.kind = f->is_signed ? ROW_VALUE_SIGNED : ROW_VALUE_UNSIGNED};

	if ((size_t)f->offset + f->size > len)
		return (struct row_value){.kind = ROW_VALUE_NONE};
	if (f->is_dynamic)
		return dynamic_value(f, is_big_endian, row, len);
	if (f->is_array || !is_number_size(f->size))
		return bytes_value(row + f->offset, f->size, f->is_array && f->is_char,
				   f->element_size, f->is_signed);
	v.number = number_get(row + f->offset, f->size, is_big_endian);
	if (f->is_signed)
		v.number = sign_extend(v.number, f->size);
	return v;
}

uint64_t row_value_element(const struct row_value *v, size_t i, bool is_big_endian)
{
	uint64_t number;

	assert(v->kind == ROW_VALUE_LIST && i < row_value_count(v));
	number = number_get(v->bytes + i * v->element_size, v->element_size, is_big_endian);
	return v->is_signed ? sign_extend(number, v->element_size) : number;
}

size_t row_value_text_len(const struct row_value *v)
{
	assert(v->kind == ROW_VALUE_TEXT);
	return strnlen((const char *)v->bytes, v->len);
}
