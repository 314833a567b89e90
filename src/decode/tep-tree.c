// SPDX-License-Identifier: MIT
#include "decode/tep-tree.h"

#include <event-parse.h>
#include <stdlib.h>
#include <string.h>

#include "decode/print-guard.h"

static bool is_bounded(const struct tep_format_field *f)
{
	return f->offset >= 0 && f->size > 0 && f->offset <= UINT16_MAX && f->size <= UINT16_MAX;
}

/* Finds the field that a print format names. NULL: libtraceevent would not find it, either. */
static struct tep_format_field *tep_field(struct tep_event *event, const char *name)
{
	return name ? tep_find_any_field(event, name) : NULL;
}

static bool parse_constant(const struct tep_print_arg *arg, unsigned long long *ret)
{
	char *end;

	if (!arg || arg->type != TEP_PRINT_ATOM || !arg->atom.atom)
		return false;
	*ret = strtoull(arg->atom.atom, &end, 0);
	return end != arg->atom.atom && strchr("0123456789", arg->atom.atom[0]);
}

static bool index_is_harmless(struct tep_event *event, const struct tep_print_arg *array,
			      const struct tep_print_arg *index)
{
	struct tep_format_field *f;
	unsigned long long i;

	while (array && array->type == TEP_PRINT_TYPE)
		array = array->typecast.item;
	if (!array || array->type != TEP_PRINT_FIELD || !parse_constant(index, &i))
		return false;
	f = tep_field(event, array->field.name);
	return f && f->elementsize && i < (unsigned int)f->size / f->elementsize;
}

static bool arg_is_harmless(struct tep_event *event, const struct tep_print_arg *arg, int depth);

static bool op_is_harmless(struct tep_event *event, const struct tep_print_arg_op *op, int depth)
{
	unsigned long long divisor;

	if (!op->op || !op->left || !op->right)
		return false;
	if (op->op[0] == '[')
		return index_is_harmless(event, op->left, op->right);
	/* A '?' must have a ':' on its right: libtraceevent does not check that. */
	if (op->op[0] == '?' &&
	    (op->right->type != TEP_PRINT_OP || !op->right->op.op || op->right->op.op[0] != ':'))
		return false;
	if ((op->op[0] == '/' || op->op[0] == '%') &&
	    (!parse_constant(op->right, &divisor) || !divisor))
		return false;
	return arg_is_harmless(event, op->left, depth) && arg_is_harmless(event, op->right, depth);
}

static bool arg_is_harmless(struct tep_event *event, const struct tep_print_arg *arg, int depth)
{
	const struct tep_format_field *f;

	if (!arg || depth > 4 * PRINT_NESTING_MAX)
		return false;
	switch (arg->type) {
	case TEP_PRINT_NULL: return true;
	case TEP_PRINT_ATOM: return arg->atom.atom;
	case TEP_PRINT_FIELD: return tep_field(event, arg->field.name);
	case TEP_PRINT_SYMBOL: return arg_is_harmless(event, arg->symbol.field, depth + 1);
	case TEP_PRINT_FLAGS: return arg_is_harmless(event, arg->flags.field, depth + 1);
	case TEP_PRINT_TYPE: return arg_is_harmless(event, arg->typecast.item, depth + 1);
	case TEP_PRINT_STRING:
		f = tep_field(event, arg->string.string);
		return f && (f->flags & TEP_FIELD_IS_DYNAMIC) && f->size == 4;
	case TEP_PRINT_OP: return op_is_harmless(event, &arg->op, depth + 1);
	default: return false;
	}
}

bool tep_event_is_harmless(struct tep_event *event)
{
	const struct tep_format_field *f;

	if (event->flags & (TEP_EVENT_FL_FAILED | TEP_EVENT_FL_ISBPRINT | TEP_EVENT_FL_ISPRINT))
		return false;
	for (f = event->format.common_fields; f; f = f->next) {
		if (!is_bounded(f))
			return false;
	}
	for (f = event->format.fields; f; f = f->next) {
		if (!is_bounded(f))
			return false;
	}
	for (const struct tep_print_arg *arg = event->print_fmt.args; arg; arg = arg->next) {
		if (!arg_is_harmless(event, arg, 0))
			return false;
	}
	return true;
}
