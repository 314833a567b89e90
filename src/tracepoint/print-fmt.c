// SPDX-License-Identifier: MIT
#include "tracepoint/print-fmt.h"

#include <string.h>

/* A part of the format file's text. */
struct piece {
	const char *at;
	size_t len;
};

static struct piece piece_from(struct piece p, size_t n)
{
	return (struct piece){p.at + n, p.len - n};
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Takes the text before the next comma that is outside of strings and brackets, or before the end
 * of the line. *rest becomes the text after the comma, or empty. */
static struct piece next_argument(struct piece *rest)
{
	struct piece p = *rest;
	bool in_string = false;
	size_t depth = 0, i;

	for (i = 0; i < p.len; i++) {
		char c = p.at[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && is_one_of(c, "({["))
			depth++;
		else if (!in_string && is_one_of(c, ")}]"))
			depth -= depth > 0;
		else if (!in_string && !depth && (c == ',' || c == '\n'))
			break;
	}
	p.len = i < p.len ? i : p.len;
	*rest = piece_from(*rest, p.len);
	if (rest->len && rest->at[0] == ',')
		*rest = piece_from(*rest, 1);
	else
		rest->len = 0;
	return p;
}

/* The field of an argument that is "REC->name" with nothing but casts and parentheses around it.
 * NULL: the argument is something else. */
static struct trace_field *argument_field(struct piece argument, struct trace_format *f)
{
	const char *at = memmem(argument.at, argument.len, "REC->", 5);
	size_t before = at ? (size_t)(at - argument.at) : 0, n = 0;
	struct piece name;

	if (!at)
		return NULL;
	for (size_t i = 0; i < before; i++) {
		char c = argument.at[i];

		/* A word right before "(" is a function call. */
		if ((!is_word(c) && !is_one_of(c, "()* ")) ||
		    (i && c == '(' && is_word(argument.at[i - 1])))
			return NULL;
	}
	name = piece_from(argument, before + 5);
	while (n < name.len && is_word(name.at[n]))
		n++;
	for (size_t i = n; i < name.len; i++) {
		if (!is_one_of(name.at[i], ") "))
			return NULL;
	}
	for (size_t i = 0; i < f->n_fields; i++) {
		if (strlen(f->fields[i].name) == n && !memcmp(f->fields[i].name, name.at, n))
			return &f->fields[i];
	}
	return NULL;
}

enum shown { SHOWN_OTHERWISE, SHOWN_AS_POINTER, SHOWN_IN_DECIMAL };

/* How a %p conversion shows its argument, by the letters after it: the pointer itself (%p, %pS), or
 * the data that it points to (%pI4, %pM). */
static enum shown pointer_shown(struct piece rest)
{
	char c = rest.len ? rest.at[0] : '\0';

	return !is_word(c) || is_one_of(c, "xKSsFfB") ? SHOWN_AS_POINTER : SHOWN_OTHERWISE;
}

/* Finds the next conversion of the format string. False: there is none. *ret_stars is the number of
 * arguments that come before its own, for a width or a precision that is given as "*". */
static bool next_conversion(struct piece *rest, size_t *ret_stars, enum shown *ret)
{
	const char *percent;

	*ret_stars = 0;
	while ((percent = memchr(rest->at, '%', rest->len))) {
		char c;

		*rest = piece_from(*rest, (size_t)(percent - rest->at) + 1);
		while (rest->len && is_one_of(rest->at[0], "#0- +.*123456789hlLzjtq")) {
			*ret_stars += rest->at[0] == '*';
			*rest = piece_from(*rest, 1);
		}
		if (!rest->len)
			return false;
		c = rest->at[0];
		*rest = piece_from(*rest, 1);
		if (c == '%')
			continue;
		*ret = c == 'p'		     ? pointer_shown(*rest)
		       : is_one_of(c, "diu") ? SHOWN_IN_DECIMAL
					     : SHOWN_OTHERWISE;
		return true;
	}
	return false;
}

static void field_learn(struct trace_field *field, enum shown shown, bool *is_first)
{
	bool is_decimal = shown == SHOWN_IN_DECIMAL;

	field->is_shown_as_pointer |= shown == SHOWN_AS_POINTER;
	field->is_shown_in_decimal = is_decimal && (*is_first || field->is_shown_in_decimal);
	*is_first = false;
}

void print_fmt_read(const char *text, size_t len, struct trace_format *f)
{
	static const char head[] = "\nprint fmt:";
	const char *at = memmem(text, len, head, sizeof(head) - 1);
	bool is_first[TRACE_FORMAT_FIELDS_MAX];
	struct piece string, arguments;
	enum shown shown;
	size_t stars;

	if (!at)
		return;
	memset(is_first, true, sizeof(is_first));
	at += sizeof(head) - 1;
	arguments = (struct piece){at, len - (size_t)(at - text)};
	string = next_argument(&arguments);
	while (next_conversion(&string, &stars, &shown)) {
		struct trace_field *field;

		while (stars--)
			(void)next_argument(&arguments);
		field = argument_field(next_argument(&arguments), f);
		if (field)
			field_learn(field, shown, &is_first[field - f->fields]);
	}
}
