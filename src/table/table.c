// SPDX-License-Identifier: MIT
#include "table/table.h"

#include <string.h>

struct cell cell_str(const char *s)
{
	if (!s)
		return cell_absent();
	return (struct cell){.kind = CELL_STR, .n = (uint32_t)strlen(s), .str = s};
}

struct cell cell_curve(const uint64_t *curve, size_t n)
{
	return (struct cell){.kind = CELL_CURVE, .n = (uint32_t)n, .curve = curve};
}

struct cell cell_list(const char *const *list, size_t n)
{
	return (struct cell){.kind = CELL_LIST, .n = (uint32_t)n, .list = list};
}
