// SPDX-License-Identifier: MIT
/*
 * fields: gives the values of the last row's fields by their names.
 */
#include "library/tape-state.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoint/row-field.h"

/* Finds the format of the last row: 0; -ENOENT: there is no row; -ENOMEM; -EBADMSG: the format file
 * cannot be parsed. */
static int row_format_find(struct tcptape *t, const struct trace_format **ret)
{
	struct tcptape_format *f;

	*ret = NULL;
	if (!t->has_row)
		return -ENOENT;
	f = t->formats[t->row.tracepoint];
	if (!f) {
		f = calloc(1, sizeof(*f));
		if (!f)
			return -ENOMEM;
		f->is_usable =
			!trace_format_parse(t->row.format, t->row.format_len, &f->format, NULL);
		t->formats[t->row.tracepoint] = f;
	}
	if (!f->is_usable)
		return -EBADMSG;
	*ret = &f->format;
	return 0;
}

/* The format of the last row, or NULL. */
static const struct trace_format *row_format(struct tcptape *t)
{
	const struct trace_format *format;

	return row_format_find(t, &format) < 0 ? NULL : format;
}

static bool is_big_endian(const struct tcptape *t)
{
	return tape_reader_meta(t->reader)->is_big_endian;
}

static int value_of(struct tcptape *t, const char *field, struct row_value *ret)
{
	const struct trace_format *format;
	int r = row_format_find(t, &format);
	const struct trace_field *f = r ? NULL : trace_format_field(format, field);

	t->fault = FAULT_INIT;
	if (r == -ENOENT)
		return fault_set(&t->fault, r, "there is no row");
	if (r == -ENOMEM)
		return fault_no_memory(&t->fault);
	if (r < 0)
		return fault_set(&t->fault, r, "%s:%s: its format file cannot be read",
				 t->row.system, t->row.name);
	if (!f)
		return fault_set(&t->fault, -ENOENT, "%s:%s has no field %s", t->row.system,
				 t->row.name, field);
	*ret = row_field_value(f, is_big_endian(t), t->row.data, t->row.len);
	if (ret->kind == ROW_VALUE_NONE)
		return fault_set(&t->fault, -ENODATA, "%s:%s: the row is too short for field %s",
				 t->row.system, t->row.name, field);
	return 0;
}

static int kind_fault(struct tcptape *t, const char *field, const char *wanted)
{
	return fault_set(&t->fault, -EINVAL, "%s:%s: field %s is no %s", t->row.system, t->row.name,
			 field, wanted);
}

static int range_fault(struct tcptape *t, const char *field)
{
	return fault_set(&t->fault, -ERANGE, "%s:%s: the value of field %s is out of range",
			 t->row.system, t->row.name, field);
}

size_t tcptape_n_fields(struct tcptape *t)
{
	const struct trace_format *format = row_format(t);

	return format ? format->n_fields : 0;
}

const char *tcptape_field(struct tcptape *t, size_t i)
{
	const struct trace_format *format = row_format(t);

	return format && i < format->n_fields ? format->fields[i].name : NULL;
}

int tcptape_kind(struct tcptape *t, const char *field)
{
	struct row_value v;
	int r = value_of(t, field, &v);

	if (r < 0)
		return r;
	switch (v.kind) {
	case ROW_VALUE_NONE: break;
	case ROW_VALUE_UNSIGNED:
	case ROW_VALUE_SIGNED: return TCPTAPE_NUMBER;
	case ROW_VALUE_TEXT: return TCPTAPE_STRING;
	case ROW_VALUE_LIST: return TCPTAPE_LIST;
	case ROW_VALUE_BYTES: break;
	}
	return TCPTAPE_BYTES;
}

static int number_of(struct tcptape *t, const char *field, struct row_value *ret)
{
	int r = value_of(t, field, ret);

	if (r < 0)
		return r;
	if (ret->kind != ROW_VALUE_UNSIGNED && ret->kind != ROW_VALUE_SIGNED)
		return kind_fault(t, field, "number");
	return 0;
}

int tcptape_get_u64(struct tcptape *t, const char *field, uint64_t *ret)
{
	struct row_value v = {0};
	int r = number_of(t, field, &v);

	if (r < 0)
		return r;
	if (v.kind == ROW_VALUE_SIGNED && (int64_t)v.number < 0)
		return range_fault(t, field);
	*ret = v.number;
	return 0;
}

int tcptape_get_i64(struct tcptape *t, const char *field, int64_t *ret)
{
	struct row_value v = {0};
	int r = number_of(t, field, &v);

	if (r < 0)
		return r;
	if (v.kind == ROW_VALUE_UNSIGNED && v.number > INT64_MAX)
		return range_fault(t, field);
	*ret = (int64_t)v.number;
	return 0;
}

int tcptape_get_string(struct tcptape *t, const char *field, char *to, size_t size)
{
	struct row_value v;
	size_t len, n;
	int r = value_of(t, field, &v);

	if (r < 0)
		return r;
	if (v.kind != ROW_VALUE_TEXT)
		return kind_fault(t, field, "string");
	len = row_value_text_len(&v);
	n = len < size ? len : size - 1;
	if (size) {
		memcpy(to, v.bytes, n);
		to[n] = '\0';
	}
	return (int)len;
}

int tcptape_get_element(struct tcptape *t, const char *field, size_t i, int64_t *ret)
{
	struct row_value v;
	uint64_t number;
	int r = value_of(t, field, &v);

	if (r < 0)
		return r;
	if (v.kind != ROW_VALUE_LIST)
		return kind_fault(t, field, "list");
	if (i >= row_value_count(&v))
		return range_fault(t, field);
	number = row_value_element(&v, i, is_big_endian(t));
	if (!v.is_signed && number > INT64_MAX)
		return range_fault(t, field);
	*ret = (int64_t)number;
	return 0;
}

int tcptape_get_bytes(struct tcptape *t, const char *field, const uint8_t **ret, size_t *ret_len)
{
	const struct trace_field *f;
	struct row_value v;
	int r = value_of(t, field, &v);

	if (r < 0)
		return r;
	if (v.bytes) {
		*ret = v.bytes;
		*ret_len = v.len;
		return 0;
	}
	f = trace_format_field(row_format(t), field);
	*ret = t->row.data + f->offset;
	*ret_len = f->size;
	return 0;
}
