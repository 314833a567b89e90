// SPDX-License-Identifier: MIT
#include "decode/format-text.h"

/* The integer type of so many bytes; NULL: there is none. */
static const char *integer_type(unsigned int size, bool is_signed)
{
	switch (size) {
	case 1: return is_signed ? "s8" : "u8";
	case 2: return is_signed ? "s16" : "u16";
	case 4: return is_signed ? "s32" : "u32";
	case 8: return is_signed ? "s64" : "u64";
	default: return NULL;
	}
}

static void write_declaration(struct text *t, const struct trace_field *f)
{
	unsigned int element = f->is_char ? 1 : f->element_size;
	const char *type = integer_type(f->is_array ? element : f->size, f->is_signed);
	bool is_array = f->is_array || !type;

	if (f->is_dynamic) {
		text_printf(t, "__%s_loc char[] %s", f->is_relative ? "rel" : "data", f->name);
		return;
	}
	if (!type || f->size % (element ? element : 1)) {
		type = "u8";
		element = 1;
	}
	if (f->is_pointer)
		text_printf(t, "void * %s", f->name);
	else if (is_array)
		text_printf(t, "%s %s[%u]", f->is_char ? "char" : type, f->name,
			    f->size / (element ? element : 1));
	else if (f->is_long)
		text_printf(t, "%slong %s", f->is_signed ? "" : "unsigned ", f->name);
	else
		text_printf(t, "%s %s", type, f->name);
}

void format_text_write(struct text *t, const struct trace_format *f, const char *print, size_t len)
{
	bool was_common = true;

	text_printf(t, "name: tape\nID: %u\nformat:\n", f->id);
	for (size_t i = 0; i < f->n_fields; i++) {
		const struct trace_field *field = &f->fields[i];

		if (was_common && !field->is_common)
			text_char(t, '\n');
		was_common = field->is_common;
		text_str(t, "\tfield:");
		write_declaration(t, field);
		text_printf(t, ";\toffset:%u;\tsize:%u;\tsigned:%d;\n", field->offset, field->size,
			    field->is_signed);
	}
	text_char(t, '\n');
	text_mem(t, print, len);
}
