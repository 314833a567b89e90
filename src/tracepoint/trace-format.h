/* SPDX-License-Identifier: MIT */
/*
 * trace-format: the parser of tracefs `format` files: name, offset, size and type of each field. A
 * field's size is its `size:`, never the number in brackets (5.10 prints saddr[sizeof(struct
 * sockaddr_in6)]); its name is the last identifier before '[' or ';'. Nothing is assumed about the
 * common fields, which differ too (PREEMPT_RT).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

#define TRACE_FORMAT_FIELDS_MAX 128

struct trace_field {
	char name[48];
	uint16_t offset;
	uint16_t size;
	bool is_signed;
	bool is_common;	    /* one of the first fields, which every tracepoint has */
	bool is_array;	    /* declared with brackets after its name */
	bool is_pointer;    /* declared as a pointer, and not an array: one kernel address */
	bool is_dynamic;    /* __data_loc, __rel_loc */
	bool is_relative;   /* __rel_loc: its offset counts from the end of the field */
	bool is_long_array; /* an array of these, which may hold addresses, too */
	bool is_long; /* a scalar `long` or `unsigned long`, which may hold a code address (%pS) */
	bool is_shown_as_pointer; /* by print_fmt_read(): printed as a pointer at least once */
	bool is_shown_in_decimal; /* by print_fmt_read(): printed, and always in decimal */
	bool is_char;		  /* declared `char`; an array of them is text */
	uint8_t element_size;	  /* bytes of an array's element; 0: not an array, or not known */
	/* is_char and element_size of the data that a dynamic field points to. */
	bool is_dynamic_char;
	uint8_t dynamic_element_size;
};

struct trace_format {
	char name[64];
	uint32_t id;
	uint32_t record_size; /* bytes, up to the end of the last field */
	size_t n_fields;
	struct trace_field fields[TRACE_FORMAT_FIELDS_MAX];
};

/* Parses the text of a format file (not NUL-terminated). 0; -EBADMSG: the text is not a format
 * file, has too many fields, or a field that ends beyond 65535 bytes. */
int trace_format_parse(const char *text, size_t len, struct trace_format *ret,
		       struct fault *fault) MUST_CHECK;
/* The field with this name, or NULL. */
const struct trace_field *trace_format_field(const struct trace_format *f, const char *name);
