// SPDX-License-Identifier: MIT
#include "decode/print-guard.h"

#include <string.h>

/* Behind the string that starts at its quote; NULL when it does not end. */
static const char *skip_string(const char *at, const char *end)
{
	char quote = *at++;

	for (; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == quote)
			return at + 1;
	}
	return NULL;
}

bool print_text_is_harmless(const char *format, size_t len)
{
	static const char head[] = "print fmt:";
	const char *at, *end = format + len;
	int nesting = 0, operators = 0;

	if (len > PRINT_TEXT_MAX || memchr(format, '\0', len))
		return false;
	at = memmem(format, len, head, sizeof(head) - 1);
	if (!at)
		return false;
	for (at += sizeof(head) - 1; at && at < end; at++) {
		if (*at == '"' || *at == '\'') {
			at = skip_string(at, end);
			if (!at)
				return false;
			at--;
		} else if (strchr("([{", *at)) {
			nesting++;
		} else if (strchr(")]}", *at)) {
			nesting--;
		} else if (*at == '-' && at + 1 < end && at[1] == '>') {
			at++;
		} else if (strchr("+-*/%&|!~?:<>=^", *at)) {
			operators++;
		}
		if (nesting < 0 || nesting > PRINT_NESTING_MAX || operators > PRINT_OPERATORS_MAX)
			return false;
	}
	return !nesting;
}

static size_t skip_digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* Behind "%p..."; NULL: a kind that reads more than its field. */
static const char *skip_pointer(const char *s)
{
	static const char *const kinds[] = {"ISpc", "ISp", "ISc", "IS", "I6c", "I6",
					    "I4",   "i6",  "i4",  "MF", "M",   "m",
					    "S",    "s",   "F",	  "f",	"x"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strncmp(s, kinds[i], strlen(kinds[i]))) {
			s += strlen(kinds[i]);
			break;
		}
	}
	return strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *s) && *s ? NULL : s;
}

/* Behind the conversion that s, past its '%', begins with; NULL: not harmless. */
static const char *skip_conversion(const char *s)
{
	size_t n;

	if (*s == '%')
		return s + 1;
	s += strspn(s, "#0-+ ");
	n = skip_digits(s);
	if (n > 3)
		return NULL;
	s += n;
	if (*s == '.') {
		n = skip_digits(++s);
		if (n > 3)
			return NULL;
		s += n;
	}
	if (*s == 's' || *s == 'c')
		return s + 1;
	if (*s == 'p')
		return skip_pointer(s + 1);
	n = strspn(s, "hlzL");
	if (n > 2)
		return NULL;
	s += n;
	return *s && strchr("dioxXu", *s) ? s + 1 : NULL;
}

bool print_conversions_are_harmless(const char *s)
{
	while ((s = strchr(s, '%'))) {
		s = skip_conversion(s + 1);
		if (!s)
			return false;
	}
	return true;
}
