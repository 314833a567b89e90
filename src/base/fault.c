// SPDX-License-Identifier: MIT
#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void sanitize(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = ' ';
	}
}

static int PRINTF(4, 0)
	fault_fill(struct fault *fault, int code, bool with_errno, const char *fmt, va_list ap)
{
	int n;

	if (!fault || fault->code)
		return code;
	fault->code = code;
	n = vsnprintf(fault->text, sizeof(fault->text), fmt, ap);
	if (with_errno && n >= 0 && (size_t)n < sizeof(fault->text)) {
		char why[80];

		snprintf(fault->text + n, sizeof(fault->text) - (size_t)n, ": %s",
			 strerror_r(-code, why, sizeof(why)));
	}
	sanitize(fault->text);
	return code;
}

int fault_set(struct fault *fault, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fault_fill(fault, code, false, fmt, ap);
	va_end(ap);
	return code;
}

int fault_errno(struct fault *fault, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fault_fill(fault, code, true, fmt, ap);
	va_end(ap);
	return code;
}

int fault_no_memory(struct fault *fault)
{
	return fault_set(fault, -ENOMEM, "out of memory");
}
