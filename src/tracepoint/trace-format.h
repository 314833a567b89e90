/* SPDX-License-Identifier: MIT */
/*
 * trace-format: the fields of a tracefs `format` file, as far as names, places and sizes go. The
 * `size:` counts, never the bracket (5.10 prints saddr[sizeof(struct sockaddr_in6)]); the name is
 * the last identifier before '[' or ';'. The common fields move too (PREEMPT_RT): nothing is
 * assumed of them.
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
	bool is_common;	  /* stands above the blank line, in every event */
	bool is_array;	  /* has a bracket */
	bool is_pointer;  /* a lone '*': one kernel address. Not for arrays. */
	bool is_dynamic;  /* __data_loc, __rel_loc */
	bool is_relative; /* __rel_loc: the offset counts from the end of the field */
	bool is_long;	  /* a scalar `long` or `unsigned long`: may hold a code address (%pS) */
	bool is_shown_as_pointer; /* by print_fmt_read(): printed as a pointer at least once */
	bool is_shown_in_decimal; /* by print_fmt_read(): printed, and always in decimal */
	bool is_char;		  /* declared `char`: text, where it is an array */
	uint8_t element_size;	  /* bytes of an array's element; 0: no array, or not known */
	/* The same for the data that a dynamic field points to: its type stands before "[]". */
	bool is_dynamic_char;
	uint8_t dynamic_element_size;
};

struct trace_format {
	char name[64];
	uint32_t id;
	uint32_t record_size; /* end of the last field */
	size_t n_fields;
	struct trace_field fields[TRACE_FORMAT_FIELDS_MAX];
};

/* Parses a format file's text (not NUL-terminated). 0, -EBADMSG (text is not a format file, more
 * fields than the maximum, a field beyond 65535). */
int trace_format_parse(const char *text, size_t len, struct trace_format *ret,
		       struct fault *fault) MUST_CHECK;
/* The field, or NULL. */
const struct trace_field *trace_format_field(const struct trace_format *f, const char *name);
