// SPDX-License-Identifier: MIT
#include "decode/print-conversion.h"

#include <ctype.h>
#include <string.h>

/* The end of a conversion "p..."; NULL: it is of a kind that reads more than its field. */
static const char *skip_pointer(const char *s, const char *end)
{
	static const char *const kinds[] = {"ISpc", "ISp", "ISc", "IS", "I6c", "I6",
					    "I4",   "i6",  "i4",  "MF", "M",   "m",
					    "S",    "s",   "F",	  "f",	"x"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i]);

		if ((size_t)(end - s) >= n && !memcmp(s, kinds[i], n)) {
			s += n;
			break;
		}
	}
	return s < end && (isalnum((unsigned char)*s) || *s == '_') ? NULL : s;
}

/* Skips characters of the set. NULL: there are more than max of them. */
static const char *skip_any(const char *s, const char *end, const char *set, size_t max)
{
	const char *start = s;

	while (s < end && *s && strchr(set, *s))
		s++;
	return (size_t)(s - start) > max ? NULL : s;
}

/* The end of the conversion that begins at s, after its '%'; NULL: it is not harmless. */
static const char *skip_conversion(const char *s, const char *end)
{
	static const char digits[] = "0123456789";
	const char *length;

	s = skip_any(s, end, "#0-+ ", 5);
	s = s ? skip_any(s, end, digits, 3) : NULL;
	if (s && s < end && *s == '.')
		s = skip_any(s + 1, end, digits, 3);
	length = s;
	s = s ? skip_any(s, end, "hlzL", 2) : NULL;
	if (!s || s == end)
		return NULL;
	if (s == length && (*s == 's' || *s == 'c'))
		return s + 1;
	if (s == length && *s == 'p')
		return skip_pointer(s + 1, end);
	return *s && strchr("dioxXu", *s) ? s + 1 : NULL;
}

bool print_conversions_are_harmless(const char *format, size_t len)
{
	const char *s = format, *end = format + len;

	while (s && s < end && (s = memchr(s, '%', end - s))) {
		s++;
		if (s < end && *s == '%')
			s++;
		else
			s = skip_conversion(s, end);
		if (!s)
			return false;
	}
	return true;
}
