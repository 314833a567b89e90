// SPDX-License-Identifier: MIT
#include "decode/print-fields.h"

#include "decode/moves.h"

static void print_bytes(const uint8_t *at, size_t n, struct text *t)
{
	for (size_t i = 0; i < n; i++) {
		text_char(t, "0123456789abcdef"[at[i] >> 4]);
		text_char(t, "0123456789abcdef"[at[i] & 0xf]);
	}
}

static void print_number(const uint8_t *at, const struct trace_field *f, bool is_swapped,
			 struct text *t)
{
	int64_t v;

	switch (f->size) {
	case 1: v = f->is_signed ? (int8_t)*at : *at; break;
	case 2: v = row_u16(at, is_swapped); break;
	case 4: v = row_u32(at, is_swapped); break;
	default: v = row_u64(at, is_swapped); break;
	}
	if (f->is_signed && f->size == 2)
		v = (int16_t)v;
	if (f->is_signed && f->size == 4)
		v = (int32_t)v;
	if (f->is_pointer) {
		text_str(t, "0x");
		text_hex(t, v);
	} else if (f->is_signed) {
		text_i64(t, v);
	} else {
		text_u64(t, v);
	}
}

/* Prints a dynamic field: a u32 holds length << 16 | offset. The offset of a __data_loc counts from
 * the start of the row, that of a __rel_loc from the end of the field. */
static void print_dynamic(const struct binding *b, const struct trace_field *f, const uint8_t *row,
			  size_t len, struct text *t)
{
	uint32_t v = f->size == 4 ? row_u32(row + f->offset, b->wire.is_swapped) : 0;
	size_t at = (v & 0xffff) + (f->is_relative ? f->offset + f->size : 0), n = v >> 16;

	if (at > len || n > len - at)
		return;
	if (f->is_dynamic_char)
		text_safe(t, (const char *)row + at, strnlen((const char *)row + at, n));
	else
		print_bytes(row + at, n, t);
}

void print_fields(const struct binding *b, const uint8_t *row, size_t len, struct text *t)
{
	bool is_first = true;

	if (!b->format) {
		print_bytes(row, len, t);
		return;
	}
	for (size_t i = 0; i < b->format->n_fields; i++) {
		const struct trace_field *f = &b->format->fields[i];
		const uint8_t *at = row + f->offset;

		if (f->is_common || !f->size || (size_t)f->offset + f->size > len)
			continue;
		if (!is_first)
			text_char(t, ' ');
		is_first = false;
		text_str(t, f->name);
		text_char(t, '=');
		if (f->is_dynamic)
			print_dynamic(b, f, row, len, t);
		else if (f->is_array && f->is_char)
			text_safe(t, (const char *)at, strnlen((const char *)at, f->size));
		else if (f->is_array ||
			 (f->size != 1 && f->size != 2 && f->size != 4 && f->size != 8))
			print_bytes(at, f->size, t);
		else
			print_number(at, f, b->wire.is_swapped, t);
	}
}
