// SPDX-License-Identifier: MIT
/*
 * The parsers of option arguments: words, numbers, durations, sizes.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/options.h"

int option_flag(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	*(bool *)value = true;
	return 0;
}

int option_str(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	*(const char **)value = arg;
	return 0;
}

int option_u64(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	unsigned long long v;
	char *end;

	if (!isdigit((unsigned char)arg[0]))
		return -EINVAL;
	errno = 0;
	v = strtoull(arg, &end, 10);
	if (errno || *end)
		return -EINVAL;
	*(uint64_t *)value = v;
	return 0;
}

int option_duration(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = units_parse_duration(arg, value);

	if (r < 0 || !*(uint64_t *)value)
		return fault_set(fault, -EINVAL, "%s: not a time (try 90, 1.5s, 10m, 2h)", arg);
	return 0;
}

int option_size(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = units_parse_size(arg, value);

	if (r < 0 || !*(uint64_t *)value)
		return fault_set(fault, -EINVAL, "%s: not a size (try 65536, 512K, 8M)", arg);
	return 0;
}

int option_words(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	struct option_words *w = value;
	char *copy = arena_str(arena, arg);
	const char **words;
	size_t n = 1;

	for (const char *at = arg; *at; at++)
		n += *at == ',';
	words = arena_alloc(arena, (w->n + n) * sizeof(*words));
	if (!copy || !words)
		return -ENOMEM;
	if (w->n)
		memcpy(words, w->words, w->n * sizeof(*words));
	for (size_t i = 0; i < n; i++) {
		words[w->n + i] = copy;
		copy += strcspn(copy, ",");
		*copy++ = 0;
		if (!*words[w->n + i])
			return -EINVAL;
	}
	*w = (struct option_words){words, w->n + n};
	return 0;
}
