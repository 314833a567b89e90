// SPDX-License-Identifier: MIT
#include "base/units.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	double factor;
};

static int number_parse(const char *s, const struct unit *units, size_t n_units, uint64_t *ret)
{
	char *end;
	double v;

	/* strtod() also takes a sign, "inf" and hexadecimal numbers, which are refused here. */
	if (!isdigit((unsigned char)s[0]) && s[0] != '.')
		return -EINVAL;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return -EINVAL;
	errno = 0;
	v = strtod(s, &end);
	/* Nor does anybody mean an exponent: the letters behind the number are its unit. */
	if (errno || end == s || strspn(s, "0123456789.") < (size_t)(end - s))
		return -EINVAL;
	for (size_t i = 0; i < n_units; i++) {
		if (strcmp(end, units[i].name))
			continue;
		v *= units[i].factor;
		if (!(v >= 0 && v < 9e18))
			return -EINVAL;
		*ret = (uint64_t)(v + 0.5);
		return 0;
	}
	return -EINVAL;
}

int units_parse_duration(const char *s, uint64_t *ret_ns)
{
	static const struct unit units[] = {
		{"", 1e9},   {"s", 1e9},    {"ms", 1e6},   {"us", 1e3},	   {"ns", 1},
		{"m", 60e9}, {"min", 60e9}, {"h", 3600e9}, {"d", 86400e9},
	};

	return number_parse(s, units, ARRAY_SIZE(units), ret_ns);
}

int units_parse_size(const char *s, uint64_t *ret_bytes)
{
	static const struct unit units[] = {
		{"", 1},
		{"B", 1},
		{"k", 1024},
		{"K", 1024},
		{"KB", 1024},
		{"KiB", 1024},
		{"m", 1048576.0},
		{"M", 1048576.0},
		{"MB", 1048576.0},
		{"MiB", 1048576.0},
		{"g", 1073741824.0},
		{"G", 1073741824.0},
		{"GB", 1073741824.0},
		{"GiB", 1073741824.0},
	};

	return number_parse(s, units, ARRAY_SIZE(units), ret_bytes);
}

void units_size(struct text *t, uint64_t bytes)
{
	static const char *const names[] = {"KiB", "MiB", "GiB", "TiB"};
	double v = (double)bytes;
	size_t i = 0;

	if (bytes < 1024) {
		text_u64(t, bytes);
		text_str(t, " B");
		return;
	}
	for (v /= 1024; v >= 1024 && i + 1 < ARRAY_SIZE(names); i++)
		v /= 1024;
	text_printf(t, "%.1f %s", v, names[i]);
}

void units_count(struct text *t, uint64_t n)
{
	if (n >= 1000) {
		units_count(t, n / 1000);
		text_char(t, ',');
		text_u64_padded(t, n % 1000, 3);
		return;
	}
	text_u64(t, n);
}

void units_duration(struct text *t, uint64_t ns)
{
	if (ns < NSEC_PER_USEC) {
		text_printf(t, "%u ns", (unsigned int)ns);
	} else if (ns < NSEC_PER_SEC) {
		text_fixed(t, ns / NSEC_PER_USEC, 3);
		text_str(t, " ms");
	} else if (ns < 60 * NSEC_PER_SEC) {
		text_fixed(t, ns / NSEC_PER_MSEC, 3);
		text_str(t, " s");
	} else {
		uint64_t s = ns / NSEC_PER_SEC;

		if (s >= 3600)
			text_printf(t, "%lluh ", (unsigned long long)(s / 3600));
		text_printf(t, "%02um %02us", (unsigned int)(s / 60 % 60), (unsigned int)(s % 60));
	}
}
