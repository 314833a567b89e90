// SPDX-License-Identifier: MIT
#include "tracepoint/shape.h"

#include <assert.h>
#include <string.h>

/* The size after the ':' of a shape's field, in bytes. */
static unsigned int shape_size(const char *s, unsigned int pointer_size)
{
	unsigned int v = 0;

	for (; *s >= '0' && *s <= '9'; s++)
		v = v * 10 + (*s - '0');
	if (*s != 'P')
		return v;
	return v ? v * pointer_size : pointer_size;
}

bool shape_matches(const char *shape, const struct trace_format *f, unsigned int pointer_size)
{
	while (*shape) {
		char name[sizeof(f->fields[0].name)];
		size_t len = strcspn(shape, ":");
		const struct trace_field *field;

		/* Shapes come from the catalog, never from a tape. */
		assert(len && len < sizeof(name) && shape[len] == ':');
		memcpy(name, shape, len);
		name[len] = '\0';
		field = trace_format_field(f, name);
		if (!field || field->is_dynamic ||
		    field->size != shape_size(shape + len + 1, pointer_size))
			return false;
		shape += strcspn(shape, " ");
		shape += strspn(shape, " ");
	}
	return true;
}
